package dev.spate.core.peer;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What we ask of a peer: its choke on us, the requests in flight, and what became of them.
 *
 * <p>A request is in flight from {@link #request} until exactly one of: its block arrived or was dropped, the peer rejected it,
 * the peer choked us (without the fast extension a choke takes back all requests, BEP 3; with it each is rejected by itself,
 * BEP 6), it timed out, or we cancelled it. An answer that comes later than that is owed to us and harmless; answers to requests
 * that were never made are counted and end the connection.
 */
final class Downlink {

    /** A peer that lets us wait so long is snubbing us (BEP 3 says a minute; libtorrent and others use less). */
    static final long SNUB_AFTER = Duration.ofSeconds(20).toNanos();

    /** Requests are given to others after so long without any payload. */
    static final long REQUEST_TIMEOUT = Duration.ofSeconds(60).toNanos();

    /** After a reject without a choke the peer is left alone for a moment: it would reject the next one too. */
    static final long PAUSE_AFTER_REJECT = Duration.ofSeconds(1).toNanos();

    /** How many allowed-fast pieces of a peer are remembered; BEP 6 speaks of ten. */
    static final int MAX_ALLOWED_FAST = 64;

    /** How many suggestions of a peer are remembered, the latest. */
    static final int MAX_SUGGESTED = 16;

    /** So many answers to requests that were never made are put down to confusion. */
    static final int MAX_STRAYS = 256;

    /** How many cancels are remembered until they are answered: a pipeline of them. */
    static final int MAX_CANCELLED = PipelineLength.CEILING;

    private final int pieces;
    private final Pipeline pipeline = new Pipeline();
    private final PipelineLength length = new PipelineLength();
    private final ArrayDeque<BlockRange> cancels = new ArrayDeque<>(1);
    /** Cancels that were not answered, and how many of each block. */
    private final SequencedMap<BlockRange, Integer> cancelled = new LinkedHashMap<>(1);

    private boolean peerChokesUs = true;
    private @Nullable PieceSet allowedFast;
    private final ArrayDeque<Integer> suggested = new ArrayDeque<>(1);
    private @Nullable BlockRange arriving;
    private long lastPayloadAt;
    private boolean pausing;
    private long pauseUntil;
    private long rate;
    private int owed;
    private int strays;

    Downlink(int pieces, long now) {
        this.pieces = pieces;
        this.lastPayloadAt = now;
    }

    boolean peerChokesUs() {
        return peerChokesUs;
    }

    boolean snubbed() {
        return length.snubbed();
    }

    int inFlight() {
        return pipeline.size();
    }

    long silence(long now) {
        return pipeline.sent() == 0 ? 0 : now - waitingSince();
    }

    List<BlockRange> requests() {
        return pipeline.blocks();
    }

    int length() {
        return length.length();
    }

    @Nullable
    PieceSet allowedFast() {
        return allowedFast;
    }

    /** The pieces that it suggested, the latest first. */
    List<Integer> suggested() {
        return suggested.isEmpty() ? List.of() : List.copyOf(suggested);
    }

    @Nullable
    BlockRange arriving() {
        return arriving;
    }

    void peerAccepts(long reqq) {
        length.peerAccepts(reqq);
    }

    /** How many more requests the peer should have, 0 while it may have none. */
    int room(long now) {
        if (peerChokesUs && allowedFast == null) {
            return 0;
        }
        if (pausing) {
            if (now - pauseUntil < 0) {
                return 0;
            }
            pausing = false;
        }
        return Math.max(0, length.length() - pipeline.size());
    }

    boolean mayRequest(int piece) {
        return !peerChokesUs || (allowedFast != null && allowedFast.contains(piece));
    }

    void request(BlockRange block) {
        assert mayRequest(block.piece()) : "request while choked: " + block;
        pipeline.add(block);
    }

    boolean isInFlight(BlockRange block) {
        return pipeline.contains(block);
    }

    /** Takes a request back; returns whether its block is the one that arrives just now. */
    boolean cancel(BlockRange block) {
        if (block.equals(arriving)) {
            arriving = null;
            pipeline.remove(block);
            return true;
        }
        boolean went = pipeline.containsSent(block);
        if (pipeline.remove(block) && went) {
            cancelSent(block);
        }
        return false;
    }

    private void cancelSent(BlockRange block) {
        cancels.add(block);
        owed++;
        cancelled.putLast(block, cancelled.getOrDefault(block, 0) + 1);
        if (cancelled.size() > MAX_CANCELLED) {
            cancelled.pollFirstEntry();
        }
    }

    /** One cancel of a block was answered; false if none was waited for. */
    private boolean cancelAnswered(BlockRange block) {
        if (!cancelled.containsKey(block)) {
            return false;
        }
        cancelled.computeIfPresent(block, (same, times) -> times == 1 ? null : times - 1);
        return true;
    }

    // ------------------------------------------------------------------ what the peer says

    Heard choked(boolean fast) {
        if (peerChokesUs) {
            return Heard.NOTHING;
        }
        peerChokesUs = true;
        List<BlockRange> released = new ArrayList<>();
        if (fast) {
            pipeline.removeFrom(pipeline.sent(), released);
        } else {
            // Blocks that were on their way already may still come.
            owed += pipeline.sent();
            cancelled.clear();
            pipeline.removeFrom(0, released);
            arriving = null;
        }
        return new Heard.Choked(released);
    }

    Heard unchoked() {
        if (!peerChokesUs) {
            return Heard.NOTHING;
        }
        peerChokesUs = false;
        pausing = false;
        return new Heard.Unchoked();
    }

    Heard allowed(int piece) {
        if (allowedFast == null) {
            allowedFast = new PieceSet(pieces);
        }
        return allowedFast.count() < MAX_ALLOWED_FAST && allowedFast.add(piece)
                ? new Heard.AllowedFast(piece)
                : Heard.NOTHING;
    }

    /** The peer would rather be asked for this piece than for another (BEP 6). */
    Heard suggested(int piece) {
        suggested.removeFirstOccurrence(piece);
        suggested.addFirst(piece);
        if (suggested.size() > MAX_SUGGESTED) {
            suggested.removeLast();
        }
        return Heard.NOTHING;
    }

    Heard rejected(BlockRange block, long now) {
        if (cancelAnswered(block)) {
            // BEP 6: a cancel is answered by the block or by a reject. The block may have been requested again
            // meanwhile,
            // and that request stands.
            return stray();
        }
        if (!pipeline.containsSent(block)) {
            return stray();
        }
        if (block.equals(arriving)) {
            arriving = null;
        }
        pipeline.remove(block);
        if (!peerChokesUs) {
            pausing = true;
            pauseUntil = now + PAUSE_AFTER_REJECT;
        } else if (allowedFast != null) {
            allowedFast.remove(block.piece());
        }
        return new Heard.Rejected(block);
    }

    Heard arriving(BlockRange block) {
        if (!pipeline.containsSent(block)) {
            if (owed == 0) {
                return stray();
            }
            owed--;
            cancelAnswered(block);
        }
        arriving = block;
        return Heard.EXPECTED;
    }

    Heard stray() {
        if (owed > 0) {
            owed--;
            return Heard.NOTHING;
        }
        return ++strays > MAX_STRAYS ? Heard.ended(CloseReason.Kind.UNREQUESTED) : Heard.NOTHING;
    }

    void payload(long now) {
        lastPayloadAt = now;
    }

    void arrived(BlockRange block, long rateBytesPerSecond, long now) {
        arriving = null;
        rate = rateBytesPerSecond;
        pipeline.remove(block);
        length.arrived(rateBytesPerSecond, now);
    }

    /** The block is coming but nobody wants it any more. */
    void dropped(BlockRange block) {
        arriving = null;
        pipeline.remove(block);
    }

    // ------------------------------------------------------------------ sending and time

    void drain(Consumer<PeerMessage> out, long now) {
        for (BlockRange block = cancels.poll(); block != null; block = cancels.poll()) {
            out.accept(new PeerMessage.Cancel(block));
        }
        for (BlockRange block = pipeline.send(now); block != null; block = pipeline.send(now)) {
            out.accept(new PeerMessage.Request(block));
        }
    }

    Heard timeout(long now) {
        if (pausing && now - pauseUntil >= 0) {
            pausing = false;
        }
        if (pipeline.sent() == 0) {
            return Heard.NOTHING;
        }
        BlockRange arrivingBefore = arriving;
        long waited = now - waitingSince();
        List<BlockRange> released = new ArrayList<>();
        if (waited >= REQUEST_TIMEOUT) {
            giveUp(0, released);
        } else if (waited >= SNUB_AFTER && !length.snubbed()) {
            length.snub();
            giveUp(1, released);
        } else if (now - pipeline.oldestSentAt() >= skippedAfter()) {
            BlockRange oldest = pipeline.oldest();
            assert oldest != null;
            if (!oldest.equals(arriving)) {
                cancel(oldest);
                released.add(oldest);
            }
        }
        if (released.isEmpty()) {
            return Heard.NOTHING;
        }
        return new Heard.TimedOut(released, arriving == null ? arrivingBefore : null);
    }

    long deadline() {
        long deadline = Long.MAX_VALUE;
        if (pipeline.sent() > 0) {
            long snub = waitingSince() + (length.snubbed() ? REQUEST_TIMEOUT : SNUB_AFTER);
            deadline = Math.min(snub, pipeline.oldestSentAt() + skippedAfter());
        }
        return pausing ? Math.min(deadline, pauseUntil) : deadline;
    }

    /** A sent request that others overtook waits a minute, or four times what the pipeline takes at the peer's rate. */
    private long skippedAfter() {
        if (rate == 0) {
            return REQUEST_TIMEOUT;
        }
        long pipelineSeconds = (long) length.length() * PieceLayout.BLOCK_LENGTH / rate;
        return Math.max(
                REQUEST_TIMEOUT,
                Duration.ofSeconds(Math.min(4 * pipelineSeconds, 3600)).toNanos());
    }

    private long waitingSince() {
        return Math.max(pipeline.oldestSentAt(), lastPayloadAt);
    }

    private void giveUp(int keep, List<BlockRange> released) {
        int sent = pipeline.sent();
        pipeline.removeFrom(keep, released);
        for (int i = 0; i < released.size() && i + keep < sent; i++) {
            BlockRange block = released.get(i);
            if (block.equals(arriving)) {
                // It is half here: nothing to take back, the rest is thrown away.
                arriving = null;
            } else {
                cancelSent(block);
            }
        }
    }

    /** Takes out all that is in flight. */
    List<BlockRange> end() {
        List<BlockRange> released = new ArrayList<>(pipeline.size());
        pipeline.removeFrom(0, released);
        arriving = null;
        return released;
    }
}
