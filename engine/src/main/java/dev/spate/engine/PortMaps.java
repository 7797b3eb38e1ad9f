package dev.spate.engine;

import dev.spate.io.lane.LocalEnds;
import dev.spate.io.nat.Mapping;
import dev.spate.io.nat.PortMapper;
import dev.spate.io.nat.Wanted;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The mappings of a session's port, if it wants any: made anew when the session's local address is another one. Thread-safe. */
final class PortMaps implements AutoCloseable {
    private final LocalEnds ends;
    private final int port;
    private volatile @Nullable PortMapper mapper;
    private boolean closed;

    /**
     * Maps nothing yet.
     *
     * @param port 0 if there is nothing to be mapped
     */
    PortMaps(LocalEnds ends, int port) {
        this.ends = ends;
        this.port = port;
    }

    /** Begins to map; ends what was mapped for an earlier address. Takes up to some seconds. */
    synchronized void begin() {
        end();
        InetAddress local = ends.list().stream()
                .filter(Inet4Address.class::isInstance)
                .findFirst()
                .orElse(null);
        if (port != 0 && !closed && (ends.isAny() || local != null)) {
            mapper = PortMapper.start(
                    List.of(new Wanted(Wanted.Transport.TCP, port)), PortMapper.Places.ofSystem(local), any -> {});
        }
    }

    private void end() {
        PortMapper earlier = mapper;
        mapper = null;
        if (earlier != null) {
            earlier.close();
        }
    }

    List<PortMappingStats> stats() {
        PortMapper present = mapper;
        return present == null
                ? List.of()
                : present.mappings().stream().map(PortMaps::stats).toList();
    }

    private static PortMappingStats stats(Mapping mapping) {
        return new PortMappingStats(
                mapping.wanted().port(),
                switch (mapping.method()) {
                    case PCP -> "PCP";
                    case NAT_PMP -> "NAT-PMP";
                    case UPNP -> "UPnP";
                },
                Optional.ofNullable(mapping.externalAddress()),
                mapping.externalPort(),
                mapping.trouble());
    }

    /** The port by which the world reaches us: what the gateway gave, or our own. */
    int announcedPort() {
        return stats().stream()
                .filter(PortMappingStats::isMapped)
                .findFirst()
                .map(PortMappingStats::externalPort)
                .orElse(port);
    }

    @Override
    public synchronized void close() {
        closed = true;
        end();
    }
}
