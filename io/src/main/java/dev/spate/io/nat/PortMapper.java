package dev.spate.io.nat;

import dev.spate.io.http.HttpFailure;
import dev.spate.io.http.HttpGet;
import dev.spate.io.http.HttpLimits;
import dev.spate.io.http.HttpPost;
import dev.spate.io.http.HttpSettings;
import dev.spate.io.lane.LocalEnds;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps ports of this machine mapped at the gateway for as long as it is open: by PCP or NAT-PMP where the gateway speaks one of them,
 * else by UPnP. The thin shell around {@link GatewayTalk} and {@link UpnpMapper}, on a virtual thread of its own. Safe on any
 * thread.
 */
public final class PortMapper implements AutoCloseable {

    /**
     * Where gateways are looked for.
     *
     * @param local the only local address that may be used; null leaves the choice to the system
     * @param gateway whom to speak PCP and NAT-PMP with; empty to ask by UPnP only
     * @param search where the search of UPnP is sent
     */
    public record Places(@Nullable InetAddress local, Optional<InetSocketAddress> gateway, InetSocketAddress search) {

        private static final InetSocketAddress SSDP =
                new InetSocketAddress(InetAddress.ofLiteral("239.255.255.250"), 1900);

        /** As the system's routing table tells. */
        public static Places ofSystem(@Nullable InetAddress local) {
            return new Places(
                    local,
                    Gateways.find(local).map(address -> new InetSocketAddress(address, GatewayMessages.PORT)),
                    SSDP);
        }
    }

    /** How long answers to the search are collected; they may take a second by its own words. */
    private static final Duration SEARCH_TIME = Duration.ofSeconds(2);

    /** Descriptions that are looked at. */
    static final int MAX_DESCRIPTIONS = 8;

    /** Half of the lease. */
    private static final Duration UPNP_RENEWAL = Duration.ofSeconds(UpnpMapper.LEASE_SECONDS / 2);

    /** After a failure; also how long it takes until a gateway that came late is found. */
    private static final Duration RETRY = Duration.ofMinutes(5);

    private static final Duration END_LIMIT = Duration.ofSeconds(3);
    private static final HttpLimits LIMITS = new HttpLimits(Igd.MAX_XML, 0, Duration.ofSeconds(5));
    private static final System.Logger LOG = System.getLogger(PortMapper.class.getName());

    private final List<Wanted> wanted;
    private final Places places;
    private final Consumer<List<Mapping>> changed;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;
    private volatile List<Mapping> mappings = List.of();
    private volatile @Nullable DatagramSocket socket;

    private PortMapper(List<Wanted> wanted, Places places, Consumer<List<Mapping>> changed) {
        this.wanted = List.copyOf(wanted);
        this.places = places;
        this.changed = changed;
        this.thread = Thread.ofVirtual().name("port-mapper").unstarted(this::run);
    }

    /**
     * Begins to map.
     *
     * @param changed told whenever it stands otherwise with a port, on the mapper's own thread
     */
    public static PortMapper start(List<Wanted> wanted, Places places, Consumer<List<Mapping>> changed) {
        var mapper = new PortMapper(wanted, places, changed);
        mapper.thread.start();
        return mapper;
    }

    /** How it stands with each port; empty before the first answer. */
    public List<Mapping> mappings() {
        return mappings;
    }

    /** Deletes the mappings and ends; takes three seconds at most. */
    @Override
    public void close() {
        over.countDown();
        DatagramSocket open = socket;
        if (open != null) {
            // Wakes up whoever waits for an answer.
            open.close();
        }
        try {
            thread.join(END_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOver() {
        return over.getCount() == 0;
    }

    private void run() {
        try {
            while (!isOver()) {
                if (places.gateway().isEmpty() || !talk(places.gateway().get())) {
                    askByUpnp();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(List<Mapping> now) {
        if (!now.equals(mappings)) {
            mappings = now;
            changed.accept(now);
        }
    }

    private InetSocketAddress ownEnd() {
        InetAddress local = places.local();
        return local == null ? new InetSocketAddress(0) : new InetSocketAddress(local, 0);
    }

    // ------------------------------------------------------------------ PCP and NAT-PMP

    /** Speaks with the gateway until the end; false, soon, if it does not answer. */
    private boolean talk(InetSocketAddress gateway) {
        try (var open = new DatagramSocket(ownEnd())) {
            // Connected: the system lets nobody else's datagrams through.
            open.connect(gateway);
            socket = open;
            var talk = new GatewayTalk(wanted, open.getLocalAddress(), new SecureRandom(), System.nanoTime());
            while (!isOver()) {
                send(talk, open);
                if (talk.isDeaf()) {
                    return false;
                }
                receive(talk, open);
                talk.timeout(System.nanoTime());
                if (talk.wasHeard()) {
                    tell(talk.mappings());
                }
            }
            release(talk, gateway);
            return true;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "speaking with the gateway " + gateway, e);
            return isOver();
        } finally {
            socket = null;
        }
    }

    private static void send(GatewayTalk talk, DatagramSocket open) throws IOException {
        for (ByteBuffer next = talk.poll(); next != null; next = talk.poll()) {
            byte[] bytes = new byte[next.remaining()];
            next.get(bytes);
            open.send(new DatagramPacket(bytes, bytes.length));
        }
    }

    private void receive(GatewayTalk talk, DatagramSocket open) throws IOException {
        long millis = (talk.deadline() - System.nanoTime()) / 1_000_000 + 1;
        if (millis <= 0) {
            return;
        }
        var packet = new DatagramPacket(new byte[GatewayMessages.MAX_LENGTH], GatewayMessages.MAX_LENGTH);
        try {
            open.setSoTimeout((int) Math.min(millis, Integer.MAX_VALUE));
            open.receive(packet);
            talk.received(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()), System.nanoTime());
        } catch (SocketTimeoutException due) {
            // The timeout follows.
            return;
        } catch (PortUnreachableException nobody) {
            // It stays silent; the tries run out by themselves.
            return;
        } catch (SocketException closed) {
            if (!isOver()) {
                throw closed;
            }
        }
    }

    private void release(GatewayTalk talk, InetSocketAddress gateway) throws IOException {
        talk.release();
        try (var last = new DatagramSocket(ownEnd())) {
            last.connect(gateway);
            send(talk, last);
        }
    }

    // ------------------------------------------------------------------ UPnP

    private void askByUpnp() throws InterruptedException {
        var mapper = new UpnpMapper(new Network(), wanted);
        boolean all = true;
        while (all && !isOver()) {
            List<Mapping> now = mapper.map();
            all = now.stream().allMatch(Mapping::isMapped);
            tell(now);
            Duration pause = all ? UPNP_RENEWAL : RETRY;
            if (over.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                mapper.release();
            }
        }
    }

    /** The real network. */
    private final class Network implements UpnpMapper.Carrier {
        private final HttpSettings settings = HttpSettings.direct("Spate UPnP/1.1")
                .withEnds(places.local() == null ? LocalEnds.any() : LocalEnds.only(List.of(places.local())));

        @Override
        public List<URI> search() throws IOException {
            Set<URI> found = new LinkedHashSet<>();
            long end = System.nanoTime() + SEARCH_TIME.toNanos();
            try (var open = new DatagramSocket(ownEnd())) {
                socket = open;
                for (String target : Igd.TARGETS) {
                    byte[] search = Igd.search(target).getBytes(StandardCharsets.US_ASCII);
                    open.send(new DatagramPacket(search, search.length, places.search()));
                }
                while (found.size() < MAX_DESCRIPTIONS && !isOver() && end - System.nanoTime() > 1_000_000) {
                    // Once somebody has answered, those who come much later are not waited for.
                    long left = (end - System.nanoTime()) / 1_000_000;
                    open.setSoTimeout((int) (found.isEmpty() ? left : Math.min(left, 200)));
                    var packet = new DatagramPacket(new byte[2048], 2048);
                    open.receive(packet);
                    String answer = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
                    Igd.location(answer, packet.getAddress().getHostAddress()).ifPresent(found::add);
                }
            } catch (SocketTimeoutException enough) {
                return List.copyOf(found);
            } finally {
                socket = null;
            }
            return List.copyOf(found);
        }

        @Override
        public byte[] get(URI url) throws IOException {
            try (var http = new HttpGet(settings)) {
                return http.get(url.toString(), LIMITS).body();
            }
        }

        @Override
        public byte[] post(URI url, String soapAction, String body) throws HttpFailure {
            return HttpPost.post(
                            settings,
                            url.toString(),
                            List.of("Content-Type: text/xml; charset=\"utf-8\"", "SOAPAction: " + soapAction),
                            body.getBytes(StandardCharsets.UTF_8),
                            LIMITS)
                    .body();
        }

        @Override
        public InetAddress localAddress(URI towards) throws IOException {
            InetAddress only = places.local();
            if (only != null) {
                return only;
            }
            try (var open = new DatagramSocket()) {
                open.connect(new InetSocketAddress(towards.getHost(), towards.getPort() < 0 ? 80 : towards.getPort()));
                return open.getLocalAddress();
            }
        }
    }
}
