package dev.spate.core.metadata;

import dev.spate.wire.peer.MetadataMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gets the metadata, the info dictionary whose hash is known, from peers of whom any may lie or keep silent (BEP 9).
 *
 * <p>Inputs are methods, {@link #poll} until null gives the steps to be taken, {@link #deadline} says when to poll again even if
 * nothing happens. Not safe for use by several threads.
 */
public final class MetadataExchange {
    /*
     * Implementation note. Only the hash of the whole tells good from bad, so a piece cannot be judged, and a single liar among
     * many helpers spoils the work of all. Hence two kinds of drafts. The first for an alleged size is shared: all who allege it
     * are asked, the fastest way when nobody lies, which is nearly always. If its hash is wrong, the size gets no shared draft
     * any more, but one for each peer alone: a wrong hash of those convicts its only author. So each liar costs one round at
     * most and one honest peer is enough.
     *
     * Liars may also waste time: several alleged sizes, silence, drops of data. So a few drafts are open side by side, as
     * many as the memory bound allows; a draft that stalls, or that is older than its lifetime, gives way when another waits;
     * those that were tried least go first, and lifetimes double, so that an honest but slow peer gets its time in the end.
     *
     * When the metadata is found, the pieces of spoilt shared drafts are compared with it, by checksums that were kept, and
     * those who sent wrong ones are told.
     */

    /** The most drafts that are open at once. */
    static final int MAX_DRAFTS = 4;

    /** The most bytes that open drafts may grow to together; a draft of the longest metadata always finds room. */
    static final int MAX_BYTES = 2 * MetadataMessage.MAX_METADATA;

    /** Requests that a peer has at once. Servers bound this; libtorrent asks for two. */
    static final int REQUESTS = 3;

    /** Peers that are remembered as sources; far more than a torrent has connections. */
    static final int MAX_SOURCES = 1024;

    /** Alleged sizes whose shared draft failed; the oldest is forgotten. */
    static final int MAX_SPOILT = 64;

    /** Pieces of spoilt drafts that are remembered. */
    static final int MAX_EVIDENCE = 4 * MetadataMessage.MAX_PIECES;

    static final long PATIENCE = Duration.ofSeconds(10).toNanos();

    /** After the first strike; doubled with each, to 16 times as long. */
    static final long REST = Duration.ofSeconds(5).toNanos();

    static final long STALL = Duration.ofSeconds(12).toNanos();
    static final long LIFETIME = Duration.ofSeconds(20).toNanos();

    /** What may be tried: all who allege a size, or one alone. */
    private record Attempt(int size, @Nullable Source sole, int tries, int supporters, int order) {}

    private final SequencedMap<Integer, Source> sources = new LinkedHashMap<>();
    private final List<Draft> drafts = new ArrayList<>();
    private final Set<Integer> convicted = new LinkedHashSet<>();
    private final Set<Integer> spoilt = new LinkedHashSet<>();
    private final Map<Integer, Integer> sharedTries = new TreeMap<>();
    private final ArrayDeque<Draft.Evidence> evidence = new ArrayDeque<>();
    private final ArrayDeque<MetadataStep> steps = new ArrayDeque<>();
    private int nextOrder;
    private int nextDraft;
    private boolean done;
    private long deadline = Long.MAX_VALUE;

    /** Nobody has offered it yet. */
    public MetadataExchange() {}

    /**
     * A peer says that it has the metadata.
     *
     * @param size bytes of it, as the peer says; beyond {@link MetadataMessage#MAX_METADATA} it is not asked. Only its first word
     *     counts
     */
    public void offered(int peer, int size, long now) {
        if (!done
                && size > 0
                && size <= MetadataMessage.MAX_METADATA
                && !convicted.contains(peer)
                && sources.size() < MAX_SOURCES) {
            sources.computeIfAbsent(peer, _ -> new Source(peer, size, nextOrder++));
        }
    }

    /** A peer is gone; what it sent is kept. Its number may be given to another. */
    public void left(int peer, long now) {
        convicted.remove(peer);
        // What was to be done about it must not happen to the next one of its number.
        steps.removeIf(step -> isAbout(peer, step));
        Source source = sources.remove(peer);
        if (source != null) {
            source.left = true;
            source.leaves();
            // Alone it cannot be finished any more.
            drafts.removeIf(draft -> draft.sole == source && !draft.verifying);
        }
    }

    private static boolean isAbout(int peer, MetadataStep step) {
        return switch (step) {
            case MetadataStep.Ask ask -> ask.peer() == peer;
            case MetadataStep.Distrust distrust -> distrust.peer() == peer;
            case MetadataStep.Verify _ -> false;
        };
    }

    /** A peer answered. */
    public void received(int peer, MetadataMessage message, long now) {
        Source source = sources.get(peer);
        if (done || source == null) {
            return;
        }
        switch (message) {
            case MetadataMessage.Data data -> received(source, data, now);
            case MetadataMessage.Reject(int piece) -> {
                if (answered(source, piece)) {
                    source.strike(now);
                }
            }
            case MetadataMessage.Request _, MetadataMessage.Unrecognized _ -> {}
        }
    }

    private void received(Source source, MetadataMessage.Data data, long now) {
        Draft draft = source.draft;
        int piece = data.piece();
        // An answer that comes too late is welcome too.
        if (draft == null || !source.asked.get(piece)) {
            return;
        }
        answered(source, piece);
        if ((data.totalSize() != 0 && data.totalSize() != source.size)
                || data.bytes().remaining() != draft.length(piece)) {
            convict(source, "sent a piece of metadata that does not fit the size it told");
        } else if (!draft.verifying && draft.lacks(piece)) {
            draft.put(piece, data.bytes(), source, now);
            if (draft.isComplete()) {
                draft.verifying = true;
                disperse(draft);
                steps.add(new MetadataStep.Verify(draft.number, draft.bytes()));
            }
        }
    }

    private static boolean answered(Source source, int piece) {
        if (source.inFlight.remove(piece) == null) {
            return false;
        }
        Draft draft = source.draft;
        assert draft != null : "a request belongs to a draft";
        draft.released(piece);
        return true;
    }

    /** The answer to a {@link MetadataStep.Verify}. If {@code good}, the exchange is over. */
    public void verified(int number, boolean good, long now) {
        if (done) {
            // Another draft was good meanwhile.
            return;
        }
        Draft draft = drafts.stream()
                .filter(each -> each.number == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no draft " + number));
        drafts.remove(draft);
        if (good) {
            finish(draft);
            return;
        }
        Source author = draft.author();
        if (author != null) {
            convict(author, "sent metadata that does not match the info-hash");
            return;
        }
        spoilt.add(draft.size);
        if (spoilt.size() > MAX_SPOILT) {
            spoilt.remove(spoilt.iterator().next());
        }
        for (int piece = 0; piece < draft.pieces(); piece++) {
            if (evidence.size() >= MAX_EVIDENCE) {
                evidence.remove();
            }
            evidence.add(draft.evidence(piece));
        }
    }

    private void finish(Draft good) {
        done = true;
        ByteBuffer bytes = good.bytes();
        for (Draft.Evidence each : evidence) {
            int begin = each.piece() * MetadataMessage.PIECE_LENGTH;
            if (each.size() != good.size
                    || Draft.checksum(bytes.slice(begin, good.length(each.piece()))) != each.checksum()) {
                convict(each.source(), "sent a piece of metadata that turned out to be wrong");
            }
        }
        evidence.clear();
        drafts.clear();
        sources.values().forEach(Source::leaves);
        sources.clear();
    }

    private void convict(Source source, String reason) {
        if (!source.left && convicted.add(source.peer)) {
            sources.remove(source.peer);
            source.leaves();
            drafts.removeIf(draft -> draft.sole == source && !draft.verifying);
            steps.add(new MetadataStep.Distrust(source.peer, reason));
        }
    }

    /** Whether the metadata was found. */
    public boolean isDone() {
        return done;
    }

    /** How many peers say that they have it. */
    public int sources() {
        return sources.size();
    }

    /** How many of these refused, kept silent, or were among those of whom one lied. */
    public int unwilling() {
        return (int)
                sources.values().stream().filter(source -> source.strikes > 0).count();
    }

    /** How many pieces of spoilt drafts are remembered. */
    int suspectPieces() {
        return evidence.size();
    }

    /** When to {@link #poll} even if nothing happened; known after it gave null. */
    public long deadline() {
        return deadline;
    }

    /** What to do next, or null. */
    public @Nullable MetadataStep poll(long now) {
        if (!done && steps.isEmpty()) {
            giveUpLate(now);
            openDrafts(now);
            ask(now);
            deadline = nextDeadline(now);
        }
        return done && steps.isEmpty() ? none() : steps.poll();
    }

    private @Nullable MetadataStep none() {
        deadline = Long.MAX_VALUE;
        return null;
    }

    private void giveUpLate(long now) {
        for (Source source : sources.values()) {
            List<Integer> late = source.inFlight.entrySet().stream()
                    .filter(each -> each.getValue() - now <= 0)
                    .map(Map.Entry::getKey)
                    .toList();
            late.forEach(piece -> answered(source, piece));
            if (!late.isEmpty()) {
                source.strike(now);
            }
        }
    }

    private void openDrafts(long now) {
        for (Optional<Attempt> best = best(now); best.isPresent(); best = best(now)) {
            Attempt attempt = best.get();
            if (!makeRoom(attempt.size(), now)) {
                return;
            }
            int tries = attempt.tries() + 1;
            Source sole = attempt.sole();
            if (sole != null) {
                sole.tries = tries;
            } else {
                sharedTries.put(attempt.size(), tries);
            }
            long lifetime = LIFETIME << Math.min(tries - 1, 10);
            drafts.add(new Draft(nextDraft++, attempt.size(), sole, lifetime, now));
        }
    }

    /** The attempt that should be made next, among those that are not under way. */
    private Optional<Attempt> best(long now) {
        SequencedMap<Integer, Integer> supporters = new LinkedHashMap<>();
        List<Attempt> attempts = new ArrayList<>();
        for (Source source : sources.values()) {
            if (!source.isResting(now) && drafts.stream().noneMatch(draft -> draft.admits(source))) {
                if (spoilt.contains(source.size)) {
                    attempts.add(new Attempt(source.size, source, source.tries, 1, source.order));
                } else {
                    supporters.merge(source.size, 1, Integer::sum);
                }
            }
        }
        sharedTries
                .keySet()
                .retainAll(sources.values().stream().map(each -> each.size).toList());
        supporters.forEach(
                (size, count) -> attempts.add(new Attempt(size, null, sharedTries.getOrDefault(size, 0), count, size)));
        return attempts.stream()
                .min(Comparator.comparingInt(Attempt::tries)
                        .thenComparingInt(attempt -> -attempt.supporters())
                        .thenComparingInt(Attempt::order));
    }

    /** Whether a draft of this size may be opened, perhaps after one that had its time was given up. */
    private boolean makeRoom(int size, long now) {
        while (drafts.size() >= MAX_DRAFTS || openBytes() + size > MAX_BYTES) {
            Optional<Draft> spent = drafts.stream()
                    .filter(draft -> isSpent(draft, now))
                    .min(Comparator.comparingLong(draft -> draft.dataAt - now));
            if (spent.isEmpty()) {
                return false;
            }
            Draft draft = spent.get();
            disperse(draft);
            drafts.remove(draft);
        }
        return true;
    }

    private long openBytes() {
        return drafts.stream().mapToLong(draft -> draft.size).sum();
    }

    /** It had its time, or nobody is left who could go on with it. */
    private boolean isSpent(Draft draft, long now) {
        return !draft.verifying
                && (spentAt(draft) - now <= 0 || sources.values().stream().noneMatch(draft::admits));
    }

    private static long spentAt(Draft draft) {
        return Math.min(draft.dataAt + STALL, draft.since + draft.lifetime);
    }

    /** Those who work on a draft are free for others. */
    private void disperse(Draft draft) {
        sources.values().stream().filter(source -> source.draft == draft).forEach(Source::leaves);
    }

    private void ask(long now) {
        for (Draft draft : drafts) {
            if (draft.verifying) {
                continue;
            }
            List<Source> helpers = sources.values().stream()
                    .filter(source -> draft.admits(source) && !source.isResting(now))
                    .sorted(Comparator.comparingInt(source -> source.strikes))
                    .toList();
            // One each, round by round, so that no one gets all while others have nothing to do.
            for (int round = 0; round < REQUESTS; round++) {
                for (Source source : helpers) {
                    source.joins(draft);
                    int piece = source.inFlight.size() > round ? -1 : draft.next(source);
                    if (piece >= 0) {
                        source.inFlight.put(piece, now + PATIENCE);
                        source.asked.set(piece);
                        draft.asked(piece);
                        steps.add(new MetadataStep.Ask(source.peer, piece));
                    }
                }
            }
        }
    }

    private long nextDeadline(long now) {
        long next = Long.MAX_VALUE;
        for (Source source : sources.values()) {
            if (source.isResting(now)) {
                next = Math.min(next, source.restUntil);
            }
            if (!source.inFlight.isEmpty()) {
                next = Math.min(next, source.inFlight.firstEntry().getValue());
            }
        }
        if (best(now).isPresent()) {
            for (Draft draft : drafts) {
                next = draft.verifying ? next : Math.min(next, spentAt(draft));
            }
        }
        return next;
    }
}
