package dev.spate.wire.fuzz;

import dev.spate.fuzzing.FuzzTargets;
import dev.spate.wire.bencode.BencodeFuzz;
import dev.spate.wire.dht.KrpcFuzz;
import dev.spate.wire.dht.TorrentKeyFuzz;
import dev.spate.wire.lsd.LocalAnnounceFuzz;
import dev.spate.wire.metainfo.MagnetFuzz;
import dev.spate.wire.metainfo.MetainfoFuzz;
import dev.spate.wire.peer.ExtensionExchangesFuzz;
import dev.spate.wire.peer.ExtensionHandshakeFuzz;
import dev.spate.wire.peer.HandshakeFuzz;
import dev.spate.wire.peer.PeerMessageFuzz;
import dev.spate.wire.tracker.HttpTrackerFuzz;
import dev.spate.wire.tracker.UdpTrackerFuzz;
import java.util.List;

/** The fuzz targets of this module. */
class FuzzTest extends FuzzTargets {
    FuzzTest() {
        super(List.of(
                BencodeFuzz.class,
                MetainfoFuzz.class,
                MagnetFuzz.class,
                PeerMessageFuzz.class,
                HandshakeFuzz.class,
                ExtensionHandshakeFuzz.class,
                ExtensionExchangesFuzz.class,
                HttpTrackerFuzz.class,
                UdpTrackerFuzz.class,
                KrpcFuzz.class,
                TorrentKeyFuzz.class,
                LocalAnnounceFuzz.class));
    }
}
