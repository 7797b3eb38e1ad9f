package dev.spate.sim;

import dev.spate.core.swarm.SwarmSettings;
import dev.spate.wire.PieceSet;

/**
 * What a host is like.
 *
 * @param line its bandwidth
 * @param disk its memory and disk
 * @param conduct how it behaves
 * @param settings of its swarm
 * @param has the pieces that it has from the beginning; the receiver of this value owns the set
 */
public record HostOptions(Line line, DiskOptions disk, Conduct conduct, SwarmSettings settings, PieceSet has) {

    public HostOptions withLine(Line other) {
        return new HostOptions(other, disk, conduct, settings, has);
    }

    public HostOptions withDisk(DiskOptions other) {
        return new HostOptions(line, other, conduct, settings, has);
    }

    public HostOptions withConduct(Conduct other) {
        return new HostOptions(line, disk, other, settings, has);
    }

    public HostOptions withSettings(SwarmSettings other) {
        return new HostOptions(line, disk, conduct, other, has);
    }

    public HostOptions withPieces(PieceSet pieces) {
        return new HostOptions(line, disk, conduct, settings, pieces);
    }
}
