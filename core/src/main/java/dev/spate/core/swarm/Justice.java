package dev.spate.core.swarm;

import dev.spate.core.filter.IpFilter;
import dev.spate.core.peer.CloseReason;
import dev.spate.wire.PeerId;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows from good and bad data: parole, its end, and bans. */
final class Justice {
    private final Conversations conversations;
    private final Candidates candidates;
    private final Bans bans;
    private final Departures departures;
    private final Outputs outputs;

    Justice(Conversations conversations, Candidates candidates, Bans bans, Departures departures, Outputs outputs) {
        this.conversations = conversations;
        this.candidates = candidates;
        this.bans = bans;
        this.departures = departures;
        this.outputs = outputs;
    }

    /** A connection's handshakes are done. */
    void welcome(Conversation peer) {
        peer.doubtful = bans.isDoubtful(peer.address.ip());
        peer.onParole = peer.doubtful;
    }

    /** One of these sent a bad block: each has to prove itself. */
    void suspect(List<Origin> suspects) {
        for (Origin origin : suspects) {
            Conversation peer = find(origin);
            if (peer != null) {
                peer.onParole = true;
            }
        }
    }

    /** These delivered a good piece together; one alone has proven itself. Returns whether a parole ends with that. */
    boolean praise(List<Origin> contributors) {
        Conversation peer = contributors.size() == 1 ? find(contributors.getFirst()) : null;
        if (peer == null || !peer.onParole) {
            return false;
        }
        peer.onParole = false;
        return true;
    }

    /** It sent bad data, there is no doubt. */
    void convict(Origin origin, String evidence) {
        if (origin.banned) {
            return;
        }
        origin.banned = true;
        PeerId id = origin.id;
        if (id != null) {
            bans.banPeer(origin.address, id);
        }
        for (Conversation each : conversations.all()) {
            if (each.address.ip().equals(origin.address.ip())) {
                each.doubtful = true;
            }
        }
        Candidate candidate = candidates.find(origin.address);
        if (candidate != null) {
            candidates.bar(candidate);
        }
        outputs.report(new SwarmEvent.PeerBanned(origin.address, evidence));
        Conversation peer = find(origin);
        if (peer != null) {
            departures.close(peer, new CloseReason(CloseReason.Kind.CORRUPT_DATA, evidence));
        }
    }

    /** The user shuts an address out. */
    void ban(InetAddress ip) {
        bans.banAddress(ip);
        for (Conversation each : List.copyOf(conversations.all())) {
            if (each.address.ip().equals(ip)) {
                departures.close(each, CloseReason.Kind.BANNED);
            }
        }
    }

    /** The user's list of addresses, instead of the last one: nobody is known or connected any more whom it shuts out. */
    void filter(IpFilter list) {
        bans.filter(list);
        candidates.forgetIf(address -> bans.turnsAway(address.ip()));
        for (Conversation each : List.copyOf(conversations.all())) {
            if (bans.turnsAway(each.address.ip())) {
                departures.close(each, CloseReason.Kind.FILTERED);
            }
        }
    }

    private @Nullable Conversation find(Origin origin) {
        for (Conversation each : conversations.all()) {
            if (each.origin == origin && !each.closing) {
                return each;
            }
        }
        return null;
    }
}
