package dev.spate.core.swarm;

import dev.spate.wire.peer.ExtensionHandshake;
import java.util.ArrayList;
import java.util.List;

/** What the swarm shows of itself. */
final class Looks {
    private final Conversations conversations;
    private final Candidates candidates;
    private final Progress progress;
    private final Downloads downloads;
    private final Bans bans;

    Looks(Conversations conversations, Candidates candidates, Progress progress, Downloads downloads, Bans bans) {
        this.conversations = conversations;
        this.candidates = candidates;
        this.progress = progress;
        this.downloads = downloads;
        this.bans = bans;
    }

    SwarmStats stats(boolean running, long now) {
        int peers = 0;
        int seeds = 0;
        int downloaders = 0;
        int unchoked = 0;
        int unchoking = 0;
        int interesting = 0;
        for (Conversation each : conversations.all()) {
            if (each.isLive()) {
                peers++;
                seeds += each.peer.isSeed() ? 1 : 0;
                downloaders += each.isUploadOnly() ? 0 : 1;
                unchoked += each.peer.wantsChoke() ? 0 : 1;
                unchoking += each.peer.peerChokesUs() ? 0 : 1;
                interesting += each.peer.wantsInterest() ? 1 : 0;
            }
        }
        return new SwarmStats(
                running,
                progress.flushed().count(),
                progress.missing(),
                progress.leftBytes(),
                progress.in.total(),
                progress.out.total(),
                progress.corruptBytes,
                progress.redundantBytes,
                progress.in.bytesPerSecond(now),
                progress.out.bytesPerSecond(now),
                conversations.open(),
                peers,
                seeds,
                downloaders,
                unchoked,
                unchoking,
                interesting,
                downloads.waitingForMemory(),
                candidates.size(),
                bans.size());
    }

    List<PeerSnapshot> peers(long now) {
        return peers(conversations, now);
    }

    static List<PeerSnapshot> peers(Conversations conversations, long now) {
        List<PeerSnapshot> result = new ArrayList<>();
        for (Conversation each : conversations.all()) {
            if (!each.closing) {
                result.add(look(each, now));
            }
        }
        return result;
    }

    private static PeerSnapshot look(Conversation each, long now) {
        ExtensionHandshake said = each.peer.description();
        String client = said == null ? null : said.client();
        return new PeerSnapshot(
                each.slot,
                each.address,
                each.peer.id(),
                client == null ? "" : client,
                each.peer.phase(),
                each.peer.outgoing(),
                each.candidate == null || !each.peer.outgoing() ? PeerSource.INCOMING : each.candidate.source,
                each.peer.pieces().count(),
                each.peer.isSeed(),
                each.isUploadOnly(),
                each.peer.peerChokesUs(),
                each.peer.peerInterested(),
                each.peer.wantsChoke(),
                each.peer.wantsInterest(),
                each.peer.snubbed(),
                each.onParole,
                each.in.bytesPerSecond(now),
                each.out.bytesPerSecond(now),
                each.peer.payloadIn(),
                each.peer.payloadOut(),
                each.peer.inFlight(),
                each.peer.pipelineLength(),
                each.peer.queued());
    }
}
