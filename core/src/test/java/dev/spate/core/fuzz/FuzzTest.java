package dev.spate.core.fuzz;

import dev.spate.core.announce.AnnouncerFuzz;
import dev.spate.core.dht.DhtNodeFuzz;
import dev.spate.core.dht.DhtStateFuzz;
import dev.spate.core.filter.FilterTextFuzz;
import dev.spate.core.metadata.MetadataExchangeFuzz;
import dev.spate.core.swarm.SwarmFuzz;
import dev.spate.fuzzing.FuzzTargets;
import java.util.List;

/** The fuzz targets of this module. */
class FuzzTest extends FuzzTargets {
    FuzzTest() {
        super(List.of(
                SwarmFuzz.class,
                MetadataExchangeFuzz.class,
                AnnouncerFuzz.class,
                DhtNodeFuzz.class,
                DhtStateFuzz.class,
                FilterTextFuzz.class));
    }
}
