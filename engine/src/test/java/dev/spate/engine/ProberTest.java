package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.engine.probe.FetchOutcome;
import dev.spate.engine.probe.FetchWatcher;
import dev.spate.engine.probe.ProbeOptions;
import dev.spate.engine.probe.ProbeReason;
import dev.spate.engine.probe.ProbeResult;
import dev.spate.engine.probe.ProbeStage;
import dev.spate.engine.talk.MessageChannel;
import dev.spate.wire.HostPort;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.tracker.AnnounceEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Looks at peers over real sockets, and everything from one of them, on loopback. */
@Timeout(120)
class ProberTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final ProbeOptions OPTIONS = ProbeOptions.DEFAULTS;

    @TempDir
    private Path folder;

    private final Payload payload = Payload.file("file.bin", 300_001, 1 << 14);

    @Test
    void namesEachPeerOfASwarm() throws Exception {
        try (Session seed = Session.open(settings().build());
                Session partial = Session.open(settings().build());
                Session prober = Session.open(settings().build());
                FakePeer choking = FakePeer.of(payload, channel -> {
                    channel.send(new PeerMessage.HaveAll());
                    Waiting.until(() ->
                            channel.next(channel.now() + PATIENCE.toNanos()) instanceof MessageChannel.Heard.Ended);
                });
                FakePeer liar = FakePeer.serving(payload, FakePeer.Asked::wrong)) {
            add(seed, "seed", 0);
            add(partial, "partial", 3);
            PeerAddress nobody;
            try (FakePeer gone = FakePeer.silent(payload)) {
                nobody = gone.address();
            }
            Map<PeerAddress, Optional<ProbeReason>> expected = new LinkedHashMap<>();
            expected.put(peer(partial), Optional.of(ProbeReason.INCOMPLETE));
            expected.put(choking.address(), Optional.of(ProbeReason.CHOKED));
            expected.put(liar.address(), Optional.of(ProbeReason.CORRUPT));
            expected.put(nobody, Optional.of(ProbeReason.REFUSED));
            expected.put(peer(seed), Optional.empty());
            List<ProbeResult> told = new ArrayList<>();

            List<ProbeResult> results = prober.prober(payload.metainfo())
                    .probe(List.copyOf(expected.keySet()), OPTIONS.withUnchokeLimit(Duration.ofSeconds(5)), told::add);

            assertThat(results)
                    .hasSize(expected.size())
                    .isEqualTo(told)
                    .allSatisfy(result ->
                            assertThat(result.reason()).as(result.toString()).isEqualTo(expected.get(result.peer())));
            ProbeResult best = of(peer(seed), results);
            assertThat(best.stage()).isEqualTo(ProbeStage.SERVED);
            assertThat(best.client()).startsWith("Spate/");
            assertThat(best.timeToUnchoke()).isPresent();
            ProbeResult part = of(peer(partial), results);
            assertThat(part.pieces()).isEqualTo(part.allPieces() - 3);
            assertThat(part.stage()).isEqualTo(ProbeStage.SERVED);
        }
    }

    @Test
    void aSilentPeerAndOurselvesAndWhoeverIsShutOutAreNamed() throws Exception {
        try (Session session = Session.open(settings().build());
                FakePeer silent = FakePeer.silent(payload)) {
            add(session, "seed", 0);
            Prober prober = session.prober(payload.metainfo());

            assertThat(prober.probe(List.of(silent.address()), OPTIONS.withHandshakeLimit(SHORT), result -> {}))
                    .extracting(result -> result.reason().orElseThrow())
                    .containsExactly(ProbeReason.HANDSHAKE_TIMED_OUT);
            assertThat(prober.probe(List.of(peer(session)), OPTIONS, result -> {}))
                    .extracting(result -> result.reason().orElseThrow())
                    .containsExactly(ProbeReason.OURSELVES);
            Path list = Files.writeString(folder.resolve("list"), "127.0.0.0/8\n");
            session.setIpFilter(IpBlockList.read(list));
            assertThat(prober.probe(List.of(silent.address()), OPTIONS, result -> {}))
                    .extracting(result -> result.reason().orElseThrow())
                    .containsExactly(ProbeReason.FILTERED);
            assertThat(silent.connections()).isEqualTo(1);
        }
    }

    // ------------------------------------------------------------------ who is there

    @Test
    void asksAllTrackersOfAllTiersOnceAndSaysGoodbye() throws Exception {
        try (RecordingTracker first = new RecordingTracker();
                RecordingTracker second = new RecordingTracker();
                Session session = Session.open(settings().build())) {
            Payload tracked = Payload.file(
                    "file.bin",
                    300_001,
                    1 << 14,
                    it -> it.trackers(List.of(
                            List.of(first.httpUrl()),
                            List.of("http://127.0.0.1:1/announce", "wss://example.invalid/"),
                            List.of(second.udpUrl()))));

            List<PeerAddress> peers = session.prober(tracked.metainfo()).findPeers(true, PATIENCE);

            assertThat(peers).containsExactly(peer(session));
            for (RecordingTracker each : List.of(first, second)) {
                assertThat(each.next(AnnounceEvent.STARTED).infoHash())
                        .isEqualTo(tracked.metainfo().infoHash().onTheWire());
                assertThat(each.next(AnnounceEvent.STOPPED)).isNotNull();
            }
            assertThat(session.prober(tracked.metainfo()).findPeers(false, PATIENCE))
                    .isEmpty();
            assertThat(first.all()).isEmpty();
        }
    }

    @Test
    void asksTheDhtAndTheProgramsFindersUnlessItIsPrivate() throws Exception {
        PeerAddress known = new PeerAddress(InetAddress.ofLiteral("192.0.2.1"), 6881);
        try (Session seed = Session.open(settings().dht(List.of()).build());
                Session session = Session.open(settings()
                        .dht(List.of(new HostPort(
                                "127.0.0.1",
                                seed.dht()
                                        .orElseThrow()
                                        .localAddresses()
                                        .getFirst()
                                        .getPort())))
                        .peerFinder((name, port, found) -> {
                            found.accept(List.of(known));
                            return () -> {};
                        })
                        .build())) {
            add(seed, "seed", 0);
            Prober prober = session.prober(payload.metainfo());

            List<PeerAddress> peers = new ArrayList<>();
            Waiting.until(() -> {
                peers.addAll(find(prober));
                return peers.contains(peer(seed));
            });

            assertThat(peers).contains(known);
            Payload secret = Payload.file("secret.bin", 20_000, 1 << 14, it -> it.isPrivate(true));
            assertThat(find(session.prober(secret.metainfo()))).isEmpty();
        }
    }

    /** The finder never says that it has told all, so the time is over each time. */
    private static List<PeerAddress> find(Prober prober) {
        try {
            return prober.findPeers(true, SHORT);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // ------------------------------------------------------------------ from one alone

    @Test
    void goesOnToTheNextUntilOneServesAndKeepsWhatIsVerified() throws Exception {
        int given = 4;
        try (Session seed = Session.open(settings().build());
                Session leech = Session.open(settings().build());
                FakePeer liar = FakePeer.serving(payload, FakePeer.Asked::wrong);
                // Each of these is good when it is looked at.
                FakePeer late =
                        FakePeer.serving(payload, asked -> asked.number() == 0 ? asked.right() : asked.wrong());
                FakePeer staller = FakePeer.serving(payload, asked -> asked.number() > 0 || asked.right());
                FakePeer quitter = FakePeer.serving(payload, asked -> asked.number() <= given && asked.right())) {
            Torrent source = add(seed, "seed", 0);
            Torrent torrent = leech.add(
                    payload.metainfo(), AddOptions.into(folder.resolve("got")).onlyWith(List.of()));
            Log log = new Log();
            Prober prober = leech.prober(payload.metainfo());
            List<PeerAddress> bad = List.of(liar.address(), late.address(), staller.address(), quitter.address());

            assertThat(prober.fetch(torrent, bad, OPTIONS.withAtOnce(1), Duration.ofSeconds(2), log))
                    .isEqualTo(new FetchOutcome.NobodyServed(3));
            Waiting.until(() -> torrent.pieces().count() == given);
            FetchOutcome outcome = prober.fetch(torrent, List.of(peer(seed)), OPTIONS.withAtOnce(1), PATIENCE, log);

            assertThat(outcome).isEqualTo(new FetchOutcome.Complete(Optional.of(peer(seed))));
            assertThat(payload.isIn(folder.resolve("got"))).isTrue();
            assertThat(log.chosen).containsExactly(late.address(), staller.address(), quitter.address(), peer(seed));
            assertThat(log.failed.get(late.address())).isNotEmpty();
            assertThat(log.failed.get(staller.address())).contains("nothing was received for 2.0 s");
            assertThat(log.failed.get(quitter.address())).contains("closed");
            assertThat(log.results).hasSize(5);
            // One piece was asked for to verify it, and those that the quitter gave were not.
            int pieces = payload.metainfo().layout().pieces();
            assertThat(source.stats().uploaded()).isLessThanOrEqualTo((pieces - given + 1) * (1L << 14));
            assertThat(prober.fetch(torrent, List.of(), OPTIONS, PATIENCE, log))
                    .as("all of it is there")
                    .isEqualTo(new FetchOutcome.Complete(Optional.empty()));
        }
    }

    @Test
    void onlyATorrentThatDealsWithSinglePeersIsFetchedSo() throws Exception {
        try (Session session = Session.open(settings().build())) {
            Torrent open = session.add(payload.metainfo(), AddOptions.into(folder));

            assertThatThrownBy(() ->
                            session.prober(payload.metainfo()).fetch(open, List.of(), OPTIONS, PATIENCE, new Log()))
                    .isInstanceOf(SpateException.Refused.class);
        }
    }

    private static final class Log implements FetchWatcher {
        final List<ProbeResult> results = new ArrayList<>();
        final List<PeerAddress> chosen = new ArrayList<>();
        final Map<PeerAddress, String> failed = new LinkedHashMap<>();

        @Override
        public void probed(ProbeResult result) {
            results.add(result);
        }

        @Override
        public void chosen(PeerAddress peer) {
            chosen.add(peer);
        }

        @Override
        public void failed(PeerAddress peer, String why) {
            failed.put(peer, why);
        }
    }

    private static ProbeResult of(PeerAddress peer, List<ProbeResult> results) {
        return results.stream()
                .filter(each -> each.peer().equals(peer))
                .findFirst()
                .orElseThrow();
    }

    /** Takes part with a copy of which the last few pieces are bad. */
    private Torrent add(Session session, String name, int bad) throws Exception {
        Path place = payload.writeTo(folder.resolve(name));
        Path file = place.resolve("file.bin");
        byte[] bytes = Files.readAllBytes(file);
        int good = (payload.metainfo().layout().pieces() - bad) * (1 << 14);
        Arrays.fill(bytes, Math.min(good, bytes.length), bytes.length, (byte) 0);
        Files.write(file, bytes);
        Torrent torrent = session.add(payload.metainfo(), AddOptions.into(place).overwriting());
        Waiting.until(() -> torrent.state() != TorrentState.CHECKING);
        assertThat(torrent.pieces().count())
                .isEqualTo(torrent.metainfo().layout().pieces() - bad);
        return torrent;
    }

    private static PeerAddress peer(Session session) {
        return PeerAddress.of(session.listenAddresses().getFirst());
    }

    private static SessionSettings.Builder settings() {
        return SessionSettings.builder().listen(ANY_PORT);
    }
}
