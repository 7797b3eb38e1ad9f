package dev.spate.engine;

import dev.spate.wire.Decoding;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.tracker.AddressFamily;
import dev.spate.wire.tracker.AnnounceAnswer;
import dev.spate.wire.tracker.AnnounceEvent;
import dev.spate.wire.tracker.AnnounceOutcome;
import dev.spate.wire.tracker.AnnounceRefusal;
import dev.spate.wire.tracker.AnnounceRequest;
import dev.spate.wire.tracker.HttpAnnounce;
import dev.spate.wire.tracker.ScrapeAnswer;
import dev.spate.wire.tracker.UdpAnswer;
import dev.spate.wire.tracker.UdpRequest;
import dev.spate.wire.tracker.UdpTrackerCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A tracker on loopback for a single swarm, over HTTP and UDP, that remembers every announce. */
final class RecordingTracker implements AutoCloseable {
    private static final long CONNECTION = 4711;

    private final ServerSocket http;
    private final DatagramSocket udp;
    private final BlockingQueue<AnnounceRequest> announces = new LinkedBlockingQueue<>();
    private final Set<PeerAddress> peers = new LinkedHashSet<>();
    private volatile @Nullable String refusal;

    RecordingTracker() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        http = new ServerSocket(0, 50, loopback);
        Thread.ofVirtual().start(this::serveHttp);
        udp = new DatagramSocket(new InetSocketAddress(loopback, 0));
        Thread.ofVirtual().start(this::serveUdp);
    }

    String httpUrl() {
        return "http://127.0.0.1:" + http.getLocalPort() + "/announce";
    }

    String udpUrl() {
        return "udp://127.0.0.1:" + udp.getLocalPort() + "/announce";
    }

    /** From now on all announces are refused with this reason. */
    void refuse(String reason) {
        refusal = reason;
    }

    /** All announces since the last question, in their order. */
    List<AnnounceRequest> all() {
        List<AnnounceRequest> all = new ArrayList<>();
        announces.drainTo(all);
        return all;
    }

    /** Waits for the next announce with this event, passing others over. */
    AnnounceRequest next(AnnounceEvent event) throws InterruptedException {
        while (true) {
            AnnounceRequest announce = announces.poll(30, TimeUnit.SECONDS);
            if (announce == null) {
                throw new AssertionError("no announce " + event);
            }
            if (announce.event() == event) {
                return announce;
            }
        }
    }

    private synchronized AnnounceOutcome outcome(AnnounceRequest announce, InetAddress from) {
        announces.add(announce);
        String reason = refusal;
        if (reason != null) {
            return new AnnounceRefusal(reason);
        }
        PeerAddress peer = new PeerAddress(from, announce.port());
        if (announce.event() == AnnounceEvent.STOPPED) {
            peers.remove(peer);
        } else if (peer.port() != 0) {
            peers.add(peer);
        }
        return new AnnounceAnswer(Duration.ofMinutes(30), new ScrapeAnswer(1, 2, 3), List.copyOf(peers));
    }

    private void serveHttp() {
        try {
            while (true) {
                try (Socket socket = http.accept()) {
                    serve(socket);
                }
            }
        } catch (SocketException e) {
            assert http.isClosed() : e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(Socket socket) {
        try {
            answer(socket);
        } catch (IOException gone) {
            // A session that is closed waits for no answer.
            return;
        }
    }

    private void answer(Socket socket) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String request = in.readLine();
        if (request == null) {
            return; // A session that was closed as soon as it had connected.
        }
        for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
            assert header.contains(":") : header;
        }
        String query = request.substring(request.indexOf('?') + 1, request.lastIndexOf(' '));
        if (HttpAnnounce.decodeQuery(query) instanceof Decoding.Decoded<HttpAnnounce.Query>(var decoded)) {
            byte[] body = HttpAnnounce.encode(outcome(decoded.announce(), socket.getInetAddress()));
            String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
        }
    }

    private void serveUdp() {
        byte[] bytes = new byte[2048];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
                udp.receive(packet);
                if (UdpTrackerCodec.decodeRequest(ByteBuffer.wrap(bytes, 0, packet.getLength()))
                        instanceof Decoding.Decoded<UdpRequest>(var request)) {
                    ByteBuffer answer = ByteBuffer.allocate(2048);
                    UdpTrackerCodec.encode(answer(request, packet.getAddress()), AddressFamily.IPV4, answer);
                    udp.send(new DatagramPacket(answer.array(), answer.position(), packet.getSocketAddress()));
                }
            }
        } catch (SocketException e) {
            assert udp.isClosed() : e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private UdpAnswer answer(UdpRequest request, InetAddress from) {
        return switch (request) {
            case UdpRequest.Connect(int transaction) -> new UdpAnswer.Connected(transaction, CONNECTION);
            case UdpRequest.Announce announce ->
                switch (outcome(announce.announce(), from)) {
                    case AnnounceAnswer answer -> new UdpAnswer.Announced(announce.transaction(), answer);
                    case AnnounceRefusal refused -> new UdpAnswer.Refused(announce.transaction(), refused);
                };
            case UdpRequest.Scrape scrape ->
                new UdpAnswer.Scraped(
                        scrape.transaction(),
                        scrape.infoHashes().stream()
                                .map(_ -> new ScrapeAnswer(1, 2, 3))
                                .toList());
        };
    }

    @Override
    public void close() throws IOException {
        http.close();
        udp.close();
    }
}
