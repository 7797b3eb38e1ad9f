package dev.spate.cli.demo;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.tracker.AnnounceAnswer;
import dev.spate.wire.tracker.AnnounceEvent;
import dev.spate.wire.tracker.AnnounceOutcome;
import dev.spate.wire.tracker.AnnounceRefusal;
import dev.spate.wire.tracker.AnnounceRequest;
import dev.spate.wire.tracker.HttpAnnounce;
import dev.spate.wire.tracker.HttpScrape;
import dev.spate.wire.tracker.ScrapeAnswer;
import dev.spate.wire.tracker.ScrapeOutcome;
import dev.spate.wire.tracker.ScrapeResults;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A tracker over HTTP for one swarm on one machine (BEPs 3, 23, 48): a thread a request, no limits but on the request's length. Fit
 * for the demonstration, not for strangers. Thread-safe.
 */
final class DemoTracker implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofMinutes(5);
    private static final String GET = "GET ";
    private static final int MAX_REQUEST = 16_384;
    private static final int PATIENCE_MILLIS = 5_000;

    private final Digest infoHash;
    private final ServerSocket listener;

    /** Those who announced, and what each of them had left. */
    private final SortedMap<PeerAddress, Long> left = new TreeMap<>();

    private int downloads;

    private DemoTracker(Digest infoHash, ServerSocket listener) {
        this.infoHash = infoHash;
        this.listener = listener;
    }

    /** A place to listen at, for the tracker's URL must be known before the torrent is. */
    static ServerSocket place() throws IOException {
        return new ServerSocket(0, 64, InetAddress.ofLiteral("127.0.0.1"));
    }

    /** The announce URL of a tracker at this place. */
    static String url(ServerSocket place) {
        return "http://127.0.0.1:" + place.getLocalPort() + "/announce";
    }

    /** Begins to answer. */
    static DemoTracker start(ServerSocket place, Digest infoHash) {
        DemoTracker tracker = new DemoTracker(infoHash, place);
        Thread.ofVirtual().name("demo-tracker").start(tracker::accept);
        return tracker;
    }

    /** Lists a peer that does not announce itself. */
    synchronized void list(PeerAddress peer) {
        left.put(peer, 0L);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Thread.ofVirtual().name("demo-tracker-request").start(() -> serve(client));
            }
        } catch (SocketException e) {
            // Closed: the demonstration is over.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("the tracker of the demonstration", e);
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setSoTimeout(PATIENCE_MILLIS);
            String target = target(client.getInputStream());
            byte[] body = answer(target, client.getInetAddress());
            OutputStream out = client.getOutputStream();
            out.write(("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length
                            + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
        } catch (IOException e) {
            // A client that went away hears no answer; it will announce again.
            return;
        }
    }

    /** Reads the head of a request; {@code GET target HTTP/1.1} is its first line. */
    private static String target(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() == MAX_REQUEST) {
                throw new IOException("not a request");
            }
            head.append((char) next);
        }
        String line = head.substring(0, head.indexOf("\r\n"));
        int end = line.indexOf(' ', GET.length());
        if (!line.startsWith(GET) || end < 0) {
            throw new IOException("not a request");
        }
        return line.substring(GET.length(), end);
    }

    private byte[] answer(String target, InetAddress from) {
        int question = target.indexOf('?');
        String query = question < 0 ? "" : target.substring(question + 1);
        if (target.startsWith("/scrape")) {
            return HttpScrape.encode(scrape(query));
        }
        return HttpAnnounce.encode(
                switch (HttpAnnounce.decodeQuery(query)) {
                    case Decoding.Decoded<HttpAnnounce.Query>(var decoded) -> announce(decoded.announce(), from);
                    case Decoding.Malformed<HttpAnnounce.Query> malformed -> refusal(malformed.reason());
                    case Decoding.NeedMore<HttpAnnounce.Query> more -> refusal("cut off");
                });
    }

    private static AnnounceRefusal refusal(String reason) {
        return new AnnounceRefusal(reason, new AnnounceRefusal.Retry.Unsaid());
    }

    private synchronized AnnounceOutcome announce(AnnounceRequest request, InetAddress from) {
        if (!request.infoHash().equals(infoHash)) {
            return refusal("this tracker serves one torrent, and not this one");
        }
        if (request.port() == 0) {
            return new AnnounceAnswer(INTERVAL, counts(), List.copyOf(left.keySet()));
        }
        PeerAddress who = new PeerAddress(from, request.port());
        if (request.event() == AnnounceEvent.STOPPED) {
            left.remove(who);
        } else {
            left.put(who, request.left());
        }
        if (request.event() == AnnounceEvent.COMPLETED) {
            downloads++;
        }
        List<PeerAddress> others = new ArrayList<>(left.keySet());
        others.remove(who);
        return new AnnounceAnswer(INTERVAL, counts(), others);
    }

    private synchronized ScrapeOutcome scrape(String query) {
        SortedMap<Digest, ScrapeAnswer> swarms = new TreeMap<>();
        if (HttpScrape.decodeQuery(query) instanceof Decoding.Decoded<List<Digest>>(var asked)
                && (asked.isEmpty() || asked.contains(infoHash))) {
            swarms.put(infoHash, counts());
        }
        return new ScrapeResults(swarms);
    }

    private ScrapeAnswer counts() {
        int seeds = (int) left.values().stream().filter(bytes -> bytes == 0).count();
        return new ScrapeAnswer(seeds, left.size() - seeds, downloads);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
