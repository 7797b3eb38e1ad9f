package dev.spate.core.announce;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.tracker.AddressFamily;
import dev.spate.wire.tracker.AnnounceRefusal;
import dev.spate.wire.tracker.AnnounceRequest;
import dev.spate.wire.tracker.ScrapeAnswer;
import dev.spate.wire.tracker.ScrapeResults;
import dev.spate.wire.tracker.UdpAnswer;
import dev.spate.wire.tracker.UdpRequest;
import dev.spate.wire.tracker.UdpTrackerCodec;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a conversation with one UDP tracker at one address (BEP 15), for any number of torrents.
 *
 * <p>Inputs are method calls that end in the present moment, monotonic nanoseconds. After each, {@link #poll} gives the datagrams to be
 * sent, {@link #pollOutcome} what came of requests, and {@link #deadline} when {@link #timeout} is to be called. Each
 * request has one outcome, unless it is cancelled.
 *
 * <p>Not safe for use by several threads.
 */
public final class UdpExchange {
    /*
     * Implementation note. A request waits for a connection id, then it is sent with it, and sent again after 15 x 2^n seconds
     * of silence. The connect request is repeated in the same way and counts as a try of every request that waits for it;
     * where the id has expired when a request is to be repeated, n goes on from where it was, as in BEP 15's example "announce
     * times out":
     *
     *      announce, scrape ──► WAITING ──────── connected ───────► SENT ──► answered, refused
     *                            │  ▲                               │ │
     *      silent ◄── n = tries ─┘  └── silence, the id is too old ─┘ └─ silence: sent again, or n = tries: silent
     *
     * A tracker that was restarted refuses ids that it gave before. So the first refusal of a request that was sent with an id
     * from before it existed is taken for one of the id: the request is tried once more with a new one.
     */

    /** BEP 15: "n starts at 0 and is increased up to 8". */
    public static final int MAX_TRIES = 9;

    /** More requests than this are not kept; each answers after one round trip, so real ones are some dozens. */
    public static final int MAX_REQUESTS = 1024;

    // BEP 15, "time outs".
    private static final long FIRST_TIMEOUT_NANOS = 15_000_000_000L;
    // BEP 15: "a client can use a connection ID until one minute after it has received it".
    private static final long CONNECTION_NANOS = 60_000_000_000L;

    private final int tries;
    private final RandomGenerator random;

    /** By transaction. */
    private final Map<Integer, Request> requests = new LinkedHashMap<>();

    private final Queue<UdpRequest> datagrams = new ArrayDeque<>();
    private final Queue<UdpOutcome> outcomes = new ArrayDeque<>();
    private @Nullable Connection connection;
    private @Nullable Connecting connecting;
    private int lastRequest;

    /** An id that the tracker gave, and when. */
    private record Connection(long id, long since) {
        boolean isGood(long now) {
            return now - since < CONNECTION_NANOS;
        }
    }

    /** The search for an id. */
    private record Connecting(int transaction, int timeouts, long deadline) {}

    /** What somebody waits for. */
    private static final class Request {
        final int number;
        final int transaction;
        final Content content;
        final long begun;
        int timeouts;
        boolean idWasRefused;
        /** The connection that it was sent with; null while it waits for one. */
        @Nullable
        Connection sentWith;

        long deadline;

        Request(int number, int transaction, Content content, long begun) {
            this.number = number;
            this.transaction = transaction;
            this.content = content;
            this.begun = begun;
        }
    }

    private sealed interface Content {
        record Announce(AnnounceRequest request, String urlData) implements Content {}

        record Scrape(List<Digest> infoHashes) implements Content {}
    }

    /**
     * An exchange that has not begun.
     *
     * @param tries how often a request is sent until the tracker is taken to be silent, 1 to {@link #MAX_TRIES}; with n tries
     *     that is after 15 x (2^n - 1) seconds
     * @param random for transaction ids, which a stranger must not guess
     */
    public UdpExchange(int tries, RandomGenerator random) {
        if (tries < 1 || tries > MAX_TRIES) {
            throw new IllegalArgumentException("not a number of tries: " + tries);
        }
        this.tries = tries;
        this.random = random;
    }

    /**
     * Announces a torrent.
     *
     * @param url the tracker's, of which it is told path and query (BEP 41)
     * @return the number by which the outcome names this request
     */
    public int announce(AnnounceRequest request, String url, long now) {
        return add(new Content.Announce(request, UdpRequest.Announce.urlData(url)), now);
    }

    /**
     * Asks for the counts of swarms.
     *
     * @param infoHashes 1 to {@link UdpRequest.Scrape#MAX_SWARMS}, of 20 bytes each
     * @return the number by which the outcome names this request
     */
    public int scrape(List<Digest> infoHashes, long now) {
        if (infoHashes.isEmpty() || infoHashes.size() > UdpRequest.Scrape.MAX_SWARMS) {
            throw new IllegalArgumentException("cannot scrape so many swarms at once: " + infoHashes.size());
        }
        return add(new Content.Scrape(List.copyOf(infoHashes)), now);
    }

    /** Nobody waits for this request any longer; without effect if it has ended. */
    public void cancel(int request) {
        requests.values().removeIf(r -> r.number == request);
        stopConnectingForNobody();
    }

    /**
     * A datagram came from the tracker's address. Whatever answers no request that is under way is passed over in silence.
     *
     * @param datagram from its position to its limit, which stay where they are
     * @param family of the address it came from, which is the family of the peers in it (BEP 15, "IPv6")
     */
    public void received(ByteBuffer datagram, AddressFamily family, long now) {
        if (UdpTrackerCodec.decodeAnswer(datagram, family) instanceof Decoding.Decoded<UdpAnswer> decoded) {
            answered(decoded.value(), now);
        }
    }

    /** When {@link #timeout} is to be called; {@link Long#MAX_VALUE} if nothing is awaited. */
    public long deadline() {
        long earliest = connecting != null ? connecting.deadline() : Long.MAX_VALUE;
        for (Request request : requests.values()) {
            if (request.sentWith != null) {
                earliest = Math.min(earliest, request.deadline);
            }
        }
        return earliest;
    }

    /** Time has passed; without effect before the deadline. */
    public void timeout(long now) {
        if (connecting != null && connecting.deadline() <= now) {
            int timeouts = connecting.timeouts() + 1;
            connecting = null;
            for (Iterator<Request> all = requests.values().iterator(); all.hasNext(); ) {
                Request request = all.next();
                if (request.sentWith == null && ++request.timeouts == tries) {
                    all.remove();
                    outcomes.add(new UdpOutcome.Silent(request.number));
                }
            }
            if (requests.values().stream().anyMatch(request -> request.sentWith == null)) {
                connect(timeouts, now);
            }
        }
        for (Request request : List.copyOf(requests.values())) {
            if (request.sentWith != null && request.deadline <= now) {
                if (++request.timeouts == tries) {
                    end(request, new UdpOutcome.Silent(request.number));
                } else {
                    sendOrConnect(request, now);
                }
            }
        }
    }

    /**
     * Puts the next datagram to be sent at the buffer's position.
     *
     * @param into with room for {@link UdpTrackerCodec#MAX_REQUEST_LENGTH} bytes, or for 1,496 where swarms are scraped
     * @return false if there is none
     */
    public boolean poll(ByteBuffer into) {
        UdpRequest datagram = datagrams.poll();
        if (datagram == null) {
            return false;
        }
        UdpTrackerCodec.encode(datagram, into);
        return true;
    }

    /** The next outcome, or null. */
    public @Nullable UdpOutcome pollOutcome() {
        return outcomes.poll();
    }

    /** Whether no request is under way; the exchange then need only be kept for its connection id. */
    public boolean isIdle() {
        return requests.isEmpty();
    }

    private int add(Content content, long now) {
        int number = ++lastRequest;
        if (requests.size() == MAX_REQUESTS) {
            AnnounceRefusal full = new AnnounceRefusal("too many requests to this tracker are under way");
            outcomes.add(refusal(number, content, full));
            return number;
        }
        Request request = new Request(number, newTransaction(), content, now);
        requests.put(request.transaction, request);
        sendOrConnect(request, now);
        return number;
    }

    private void sendOrConnect(Request request, long now) {
        Connection present = connection;
        if (present != null && present.isGood(now)) {
            send(request, present, now);
            return;
        }
        request.sentWith = null;
        if (connecting == null) {
            connect(request.timeouts, now);
        }
    }

    private void send(Request request, Connection with, long now) {
        request.sentWith = with;
        request.deadline = now + timeoutNanos(request.timeouts);
        datagrams.add(
                switch (request.content) {
                    case Content.Announce announce ->
                        new UdpRequest.Announce(with.id(), request.transaction, announce.request(), announce.urlData());
                    case Content.Scrape scrape ->
                        new UdpRequest.Scrape(with.id(), request.transaction, scrape.infoHashes());
                });
    }

    private void connect(int timeouts, long now) {
        // Not slower than for a single request, however many have followed each other in vain.
        int bounded = Math.min(timeouts, tries - 1);
        Connecting next = new Connecting(newTransaction(), bounded, now + timeoutNanos(bounded));
        connecting = next;
        datagrams.add(new UdpRequest.Connect(next.transaction()));
    }

    private void answered(UdpAnswer answer, long now) {
        if (connecting != null && answer.transaction() == connecting.transaction()) {
            connectAnswered(answer, now);
            return;
        }
        Request request = requests.get(answer.transaction());
        if (request == null || request.sentWith == null) {
            return;
        }
        switch (answer) {
            case UdpAnswer.Connected connected -> {}
            case UdpAnswer.Announced announced -> {
                if (request.content instanceof Content.Announce) {
                    end(request, new UdpOutcome.Announced(request.number, announced.answer()));
                }
            }
            case UdpAnswer.Scraped scraped -> {
                if (request.content instanceof Content.Scrape scrape) {
                    end(request, new UdpOutcome.Scraped(request.number, results(scrape, scraped)));
                }
            }
            case UdpAnswer.Refused refused -> refused(request, request.sentWith, refused.refusal(), now);
        }
    }

    private void connectAnswered(UdpAnswer answer, long now) {
        switch (answer) {
            case UdpAnswer.Connected connected -> {
                Connection made = new Connection(connected.connection(), now);
                connection = made;
                connecting = null;
                for (Request request : requests.values()) {
                    if (request.sentWith == null) {
                        send(request, made, now);
                    }
                }
            }
            case UdpAnswer.Refused refused -> {
                connecting = null;
                for (Request request : List.copyOf(requests.values())) {
                    if (request.sentWith == null) {
                        end(request, refusal(request.number, request.content, refused.refusal()));
                    }
                }
            }
            case UdpAnswer.Announced announced -> {}
            case UdpAnswer.Scraped scraped -> {}
        }
    }

    private void refused(Request request, Connection with, AnnounceRefusal refusal, long now) {
        if (with.since() < request.begun && !request.idWasRefused) {
            request.idWasRefused = true;
            if (with.equals(connection)) {
                connection = null;
            }
            sendOrConnect(request, now);
        } else {
            end(request, refusal(request.number, request.content, refusal));
        }
    }

    private static UdpOutcome refusal(int number, Content content, AnnounceRefusal refusal) {
        return switch (content) {
            case Content.Announce announce -> new UdpOutcome.Announced(number, refusal);
            case Content.Scrape scrape -> new UdpOutcome.Scraped(number, refusal);
        };
    }

    private static ScrapeResults results(Content.Scrape scrape, UdpAnswer.Scraped scraped) {
        TreeMap<Digest, ScrapeAnswer> swarms = new TreeMap<>();
        int answered = Math.min(scrape.infoHashes().size(), scraped.answers().size());
        for (int i = 0; i < answered; i++) {
            swarms.put(scrape.infoHashes().get(i), scraped.answers().get(i));
        }
        return new ScrapeResults(swarms);
    }

    private void end(Request request, UdpOutcome outcome) {
        requests.remove(request.transaction);
        outcomes.add(outcome);
        stopConnectingForNobody();
    }

    private void stopConnectingForNobody() {
        if (requests.isEmpty()) {
            connecting = null;
        }
    }

    private int newTransaction() {
        int transaction = random.nextInt();
        while (requests.containsKey(transaction) || (connecting != null && connecting.transaction() == transaction)) {
            transaction = random.nextInt();
        }
        return transaction;
    }

    private static long timeoutNanos(int timeouts) {
        return FIRST_TIMEOUT_NANOS << timeouts;
    }
}
