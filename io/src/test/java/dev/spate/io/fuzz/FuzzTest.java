package dev.spate.io.fuzz;

import dev.spate.fuzzing.FuzzTargets;
import dev.spate.io.http.HttpAnswerFuzz;
import dev.spate.io.http.HttpUrlFuzz;
import dev.spate.io.nat.GatewayFuzz;
import dev.spate.io.nat.IgdFuzz;
import dev.spate.io.proxy.ProxyFuzz;
import java.util.List;

/** The fuzz targets of this module. */
class FuzzTest extends FuzzTargets {
    FuzzTest() {
        super(List.of(HttpAnswerFuzz.class, HttpUrlFuzz.class, GatewayFuzz.class, IgdFuzz.class, ProxyFuzz.class));
    }
}
