package dev.spate.engine.talk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.engine.probe.ProbeOptions;
import dev.spate.engine.probe.ProbeReason;
import dev.spate.engine.probe.ProbeResult;
import dev.spate.engine.probe.ProbeStage;
import dev.spate.wire.BlockRange;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.PeerMessage.Bitfield;
import dev.spate.wire.peer.PeerMessage.Choke;
import dev.spate.wire.peer.PeerMessage.Have;
import dev.spate.wire.peer.PeerMessage.HaveAll;
import dev.spate.wire.peer.PeerMessage.HaveNone;
import dev.spate.wire.peer.PeerMessage.Interested;
import dev.spate.wire.peer.PeerMessage.KeepAlive;
import dev.spate.wire.peer.PeerMessage.Piece;
import dev.spate.wire.peer.PeerMessage.RejectRequest;
import dev.spate.wire.peer.PeerMessage.Request;
import dev.spate.wire.peer.PeerMessage.Unchoke;
import dev.spate.wire.peer.Reserved;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every stage and every reason, with peers that are scripts. No time passes. */
class PeerProbeTest {

    private static final Content CONTENT = Content.of(11 * (48 << 10) - 7, 48 << 10);
    private static final int PIECES = CONTENT.metainfo().layout().pieces();
    private static final Digest NAME = CONTENT.metainfo().infoHash().onTheWire();
    private static final Reserved MODERN = Reserved.NONE.withFast().withExtensions();
    private static final String PEER_ID = "-XX0001-abcdefghijkl";
    private static final String OUR_ID = "-Sp0100-probeprobepr";
    private static final String SESSION_ID = "-Sp0100-sessionsessi";
    private static final PeerAddress PEER = new PeerAddress(InetAddress.ofLiteral("192.0.2.7"), 6881);
    /** Unchokes whoever is interested, and gives what is asked for. */
    private static void serve(ScriptedPeer peer, PeerMessage message) {
        if (message instanceof Interested) {
            peer.waits(Duration.ofMillis(250)).says(new Unchoke());
        } else if (message instanceof Request(BlockRange block)) {
            peer.says(new Piece(block), CONTENT.block(block));
        }
    }

    /** What a peer is, and what is to be said of it. */
    record Case(String name, ScriptedPeer peer, ProbeStage stage, Optional<ProbeReason> reason) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case source(String name, ScriptedPeer peer) {
        return new Case(name, peer, ProbeStage.SERVED, Optional.empty());
    }

    private static Case bad(String name, ScriptedPeer peer, ProbeStage stage, ProbeReason reason) {
        return new Case(name, peer, stage, Optional.of(reason));
    }

    private static ScriptedPeer modern() {
        return new ScriptedPeer().greets(NAME, MODERN, PEER_ID);
    }

    private static ScriptedPeer old() {
        return new ScriptedPeer().greets(NAME, Reserved.NONE, PEER_ID);
    }

    private static Bitfield bitfield(int pieces, int spare) {
        PieceSet set = new PieceSet(PieceSet.bitfieldLength(PIECES) * 8);
        for (int piece = 0; piece < pieces; piece++) {
            set.add(piece);
        }
        if (spare >= 0) {
            set.add(spare);
        }
        return new Bitfield(set);
    }

    private static Have[] haves(int from, int to) {
        return IntStream.range(from, to).mapToObj(Have::new).toArray(Have[]::new);
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        good(cases);
        atTheDoor(cases);
        aboutPieces(cases);
        whoDoNotGive(cases);
        return cases.stream();
    }

    private static void good(List<Case> cases) {
        cases.add(source("a seed", modern().says(new HaveAll()).reacts(PeerProbeTest::serve)));
        cases.add(source("a seed of old", old().says(bitfield(PIECES, -1)).reacts(PeerProbeTest::serve)));
        cases.add(source("only haves", old().says(haves(0, PIECES)).reacts(PeerProbeTest::serve)));
        cases.add(source(
                "a lazy bitfield, the rest in haves",
                old().says(bitfield(PIECES - 3, -1))
                        .says(haves(PIECES - 3, PIECES))
                        .reacts(PeerProbeTest::serve)));
        cases.add(source(
                "bitfield after the unchoke, and much besides",
                modern().says(
                                new KeepAlive(),
                                new PeerMessage.Port(6881),
                                new Unchoke(),
                                new PeerMessage.Unknown(99, 0),
                                new PeerMessage.AllowedFast(1),
                                new PeerMessage.SuggestPiece(2),
                                bitfield(PIECES, -1))
                        .reacts((peer, message) -> {
                            if (message instanceof Request(BlockRange block)) {
                                peer.says(new Piece(block), CONTENT.block(block));
                            }
                        })));
        cases.add(source(
                "chokes for a while in the middle",
                old().says(bitfield(PIECES, -1)).reacts(chokesOnce(false))));
        cases.add(source(
                "the same, and rejects meanwhile", modern().says(new HaveAll()).reacts(chokesOnce(true))));
        cases.add(source(
                "blocks that nobody asked for come, too",
                modern().says(new HaveAll()).reacts((peer, message) -> {
                    if (message instanceof Request) {
                        BlockRange other = new BlockRange(0, 1, 5);
                        peer.says(new Piece(other), new byte[5]);
                    }
                    serve(peer, message);
                })));
    }

    /** Answers the first request with a choke. */
    private static BiConsumer<ScriptedPeer, PeerMessage> chokesOnce(boolean rejects) {
        boolean[] choked = {false};
        return (peer, message) -> {
            if (message instanceof Request(BlockRange block) && !choked[0]) {
                choked[0] = true;
                peer.says(new Choke());
                if (rejects) {
                    peer.says(new RejectRequest(block));
                }
                peer.waits(Duration.ofSeconds(3)).says(new Unchoke());
            } else {
                serve(peer, message);
            }
        };
    }

    private static void atTheDoor(List<Case> cases) {
        cases.add(bad("silent", new ScriptedPeer(), ProbeStage.CONNECTED, ProbeReason.HANDSHAKE_TIMED_OUT));
        cases.add(bad(
                "speaks before the handshake, or HTTP",
                new ScriptedPeer().greetsWith(new MessageChannel.Heard.Nonsense<>("not the handshake")),
                ProbeStage.CONNECTED,
                ProbeReason.NOT_BITTORRENT));
        cases.add(bad(
                "hangs up",
                new ScriptedPeer().greetsWith(new MessageChannel.Heard.Ended<>("closed")),
                ProbeStage.CONNECTED,
                ProbeReason.CLOSED));
        cases.add(bad(
                "another torrent",
                new ScriptedPeer().greets(Digest.ofHex("12".repeat(20)), MODERN, PEER_ID),
                ProbeStage.CONNECTED,
                ProbeReason.WRONG_INFO_HASH));
        cases.add(bad(
                "an echo of ourselves",
                new ScriptedPeer().greets(NAME, MODERN, OUR_ID),
                ProbeStage.CONNECTED,
                ProbeReason.OURSELVES));
        cases.add(bad(
                "our own session",
                new ScriptedPeer().greets(NAME, MODERN, SESSION_ID),
                ProbeStage.CONNECTED,
                ProbeReason.OURSELVES));
    }

    private static void aboutPieces(List<Case> cases) {
        cases.add(bad("says nothing", old(), ProbeStage.GREETED, ProbeReason.SILENT));
        cases.add(bad("has nothing", modern().says(new HaveNone()), ProbeStage.GREETED, ProbeReason.NOTHING_THERE));
        cases.add(bad("an empty bitfield", old().says(bitfield(0, -1)), ProbeStage.GREETED, ProbeReason.NOTHING_THERE));
        cases.add(bad(
                "a partial seed",
                modern().says(bitfield(4, -1)).reacts(PeerProbeTest::serve),
                ProbeStage.SERVED,
                ProbeReason.INCOMPLETE));
        cases.add(bad(
                "begins with nothing, gets its first piece later",
                modern().says(new HaveNone())
                        .waits(Duration.ofSeconds(9))
                        .says(new Have(3))
                        .reacts(PeerProbeTest::serve),
                ProbeStage.SERVED,
                ProbeReason.INCOMPLETE));
        cases.add(bad("a spare bit", old().says(bitfield(PIECES, PIECES)), ProbeStage.GREETED, ProbeReason.SPARE_BITS));
        cases.add(bad(
                "a bitfield too long",
                old().says(new Bitfield(PieceSet.full(PieceSet.bitfieldLength(PIECES) * 8 + 8))),
                ProbeStage.GREETED,
                ProbeReason.BITFIELD_LENGTH));
        cases.add(bad(
                "a bitfield too short",
                old().says(new Bitfield(new PieceSet(PieceSet.bitfieldLength(PIECES) * 8 - 8))),
                ProbeStage.GREETED,
                ProbeReason.BITFIELD_LENGTH));
        cases.add(bad(
                "a piece too many",
                modern().says(bitfield(2, -1), new Have(PIECES)),
                ProbeStage.PIECES,
                ProbeReason.NO_SUCH_PIECE));
        cases.add(bad(
                "have-all without the fast extension",
                old().says(new HaveAll()),
                ProbeStage.GREETED,
                ProbeReason.OUT_OF_PLACE));
        cases.add(bad(
                "have-all, and then have-none",
                modern().says(new HaveAll(), new HaveNone()),
                ProbeStage.PIECES,
                ProbeReason.OUT_OF_PLACE));
        cases.add(bad(
                "bytes that are no message",
                modern().saysNonsense("message of 2147483647 bytes"),
                ProbeStage.GREETED,
                ProbeReason.MALFORMED));
        cases.add(bad(
                "an extension handshake that is none",
                modern().says(new PeerMessage.Extended(ExtensionHandshake.ID, ByteBuffer.wrap(new byte[] {'x'}))),
                ProbeStage.GREETED,
                ProbeReason.MALFORMED));
        cases.add(bad(
                "talks without end",
                modern().says(chatter(PeerConversation.MAX_MESSAGES + PIECES + 1)),
                ProbeStage.GREETED,
                ProbeReason.TALKS_WITHOUT_END));
        cases.add(bad("says little at a time, and never what counts", drips(), ProbeStage.GREETED, ProbeReason.SILENT));
        cases.add(bad(
                "hangs up after the bitfield",
                modern().says(new HaveAll()).hangsUp(),
                ProbeStage.PIECES,
                ProbeReason.CLOSED));
    }

    private static PeerMessage[] chatter(int messages) {
        PeerMessage[] all = new PeerMessage[messages];
        Arrays.fill(all, new KeepAlive());
        return all;
    }

    private static ScriptedPeer drips() {
        ScriptedPeer peer = modern();
        for (int i = 0; i < 100; i++) {
            peer.waits(Duration.ofSeconds(1)).says(new KeepAlive());
        }
        return peer;
    }

    private static void whoDoNotGive(List<Case> cases) {
        cases.add(bad("chokes", modern().says(new HaveAll()), ProbeStage.PIECES, ProbeReason.CHOKED));
        cases.add(bad(
                "unchokes too late",
                modern().says(new HaveAll()).waits(Duration.ofSeconds(31)).says(new Unchoke()),
                ProbeStage.PIECES,
                ProbeReason.CHOKED));
        cases.add(bad(
                "a partial seed that chokes", modern().says(bitfield(4, -1)), ProbeStage.PIECES, ProbeReason.CHOKED));
        cases.add(bad(
                "unchokes and sends nothing",
                modern().says(new HaveAll(), new Unchoke()),
                ProbeStage.UNCHOKED,
                ProbeReason.STALLED));
        cases.add(bad(
                "unchokes, and chokes for good",
                modern().says(new HaveAll(), new Unchoke())
                        .waits(Duration.ofSeconds(1))
                        .says(new Choke()),
                ProbeStage.UNCHOKED,
                ProbeReason.CHOKED_AGAIN));
        cases.add(bad(
                "rejects",
                modern().says(new HaveAll(), new Unchoke()).reacts((peer, message) -> {
                    if (message instanceof Request(BlockRange block)) {
                        peer.says(new RejectRequest(block));
                    }
                }),
                ProbeStage.UNCHOKED,
                ProbeReason.REJECTS));
        cases.add(bad(
                "a liar",
                modern().says(new HaveAll(), new Unchoke()).reacts((peer, message) -> {
                    if (message instanceof Request(BlockRange block)) {
                        byte[] bytes = CONTENT.block(block);
                        bytes[bytes.length - 1] ^= 1;
                        peer.says(new Piece(block), bytes);
                    }
                }),
                ProbeStage.UNCHOKED,
                ProbeReason.CORRUPT));
        cases.add(bad(
                "hangs up when it is asked",
                modern().says(new HaveAll(), new Unchoke()).reacts((peer, message) -> {
                    if (message instanceof Request) {
                        peer.hangsUp();
                    }
                }),
                ProbeStage.UNCHOKED,
                ProbeReason.CLOSED));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isNamedRightly(Case each) {
        ProbeResult result = look(each.peer(), ProbeOptions.DEFAULTS);

        assertThat(result.reason()).as(result.detail()).isEqualTo(each.reason());
        assertThat(result.stage()).isEqualTo(each.stage());
        assertThat(result.timeToUnchoke().isPresent()).isEqualTo(each.stage().compareTo(ProbeStage.UNCHOKED) >= 0);
        assertThat(each.peer().isClosed()).isTrue();
        assertThat(each.peer().wasLeft()).isEqualTo(each.reason().isEmpty());
    }

    /** The table above must not forget one. */
    @Test
    void everyReasonOfAConversationIsInTheTable() {
        List<ProbeReason> dialing = List.of(
                ProbeReason.FILTERED,
                ProbeReason.REFUSED,
                ProbeReason.CONNECT_TIMED_OUT,
                ProbeReason.UNREACHABLE,
                ProbeReason.PROXY);
        assertThat(cases().flatMap(each -> each.reason().stream()).distinct())
                .containsExactlyInAnyOrderElementsOf(Stream.of(ProbeReason.values())
                        .filter(reason -> !dialing.contains(reason))
                        .toList());
    }

    @Test
    void whoeverCannotBeDialedIsNamed() {
        for (Dial.Dialed.Obstacle obstacle : Dial.Dialed.Obstacle.values()) {
            ProbeResult result = probe((peer, limit) -> new Dial.Dialed.Failed(obstacle, "why"), ProbeOptions.DEFAULTS)
                    .look(PEER);

            assertThat(result.stage()).isEqualTo(ProbeStage.NOTHING);
            assertThat(result.reason())
                    .hasValue(
                            switch (obstacle) {
                                case REFUSED -> ProbeReason.REFUSED;
                                case TIMED_OUT -> ProbeReason.CONNECT_TIMED_OUT;
                                case UNREACHABLE -> ProbeReason.UNREACHABLE;
                                case PROXY -> ProbeReason.PROXY;
                            });
        }
    }

    @Test
    void whoeverIsShutOutIsNotDialed() {
        PeerProbe probe = new PeerProbe(
                CONTENT.metainfo(),
                names(),
                (peer, limit) -> {
                    throw new AssertionError("dialed " + peer);
                },
                address -> true,
                ProbeOptions.DEFAULTS,
                new Random(1));

        assertThat(probe.look(PEER).reason()).hasValue(ProbeReason.FILTERED);
    }

    @Test
    void tellsWhatThePeerSaysOfItself() {
        ExtensionHandshake description =
                new ExtensionHandshake(new TreeMap<>(), "Client 1.2", null, null, null, null, null, true, null);
        ProbeResult result = look(
                modern().says(description.message()).says(bitfield(5, -1)).reacts(PeerProbeTest::serve),
                ProbeOptions.DEFAULTS);

        assertThat(result.client()).isEqualTo("Client 1.2");
        assertThat(result.uploadOnly()).isTrue();
        assertThat(result.pieces()).isEqualTo(5);
        assertThat(result.allPieces()).isEqualTo(PIECES);
        assertThat(result.timeToUnchoke()).hasValue(Duration.ofMillis(250));
        assertThat(look(old().says(bitfield(PIECES, -1)), ProbeOptions.DEFAULTS).client())
                .isEqualTo(PEER_ID);
    }

    @Test
    void isInterestedOnlyInThoseThatHaveSomething() {
        ScriptedPeer seed = old().says(bitfield(PIECES, -1)).reacts(PeerProbeTest::serve);
        ScriptedPeer leech = old().says(bitfield(0, -1));

        look(seed, ProbeOptions.DEFAULTS);
        look(leech, ProbeOptions.DEFAULTS);

        assertThat(seed.heard()).startsWith(new Interested());
        assertThat(leech.heard()).isEmpty();
    }

    @Test
    void withoutVerifyingALiarIsBelieved() {
        ScriptedPeer peer = modern().says(new HaveAll()).reacts(PeerProbeTest::serve);

        ProbeResult result = look(peer, ProbeOptions.DEFAULTS.verifying(false));

        assertThat(result.isSource()).isTrue();
        assertThat(result.stage()).isEqualTo(ProbeStage.UNCHOKED);
        assertThat(peer.heard()).noneMatch(Request.class::isInstance);
    }

    /** Of large pieces only a last one that is short is asked for. */
    @Test
    void largePiecesAreNotAskedFor() {
        Content large = Content.of(2 * ProbeOptions.MOST_VERIFIED + 20_000, 2 * ProbeOptions.MOST_VERIFIED);
        ScriptedPeer peer = new ScriptedPeer()
                .greets(large.metainfo().infoHash().onTheWire(), MODERN, PEER_ID)
                .says(new HaveAll())
                .reacts((it, message) -> {
                    if (message instanceof Interested) {
                        it.says(new Unchoke());
                    } else if (message instanceof Request(BlockRange block)) {
                        it.says(new Piece(block), large.block(block));
                    }
                });
        ProbeResult result = new PeerConversation(
                        PEER, large.metainfo(), names(), peer, ProbeOptions.DEFAULTS, new Random(1), new PieceMemory())
                .hold();

        assertThat(result.stage()).isEqualTo(ProbeStage.SERVED);
        assertThat(peer.heard().stream().filter(Request.class::isInstance))
                .hasSize(2)
                .allMatch(each -> each instanceof Request(BlockRange block) && block.piece() == 1);
    }

    @Test
    void keepsABoundedNumberOfRequestsInFlight() {
        Content large = Content.of(ProbeOptions.MOST_VERIFIED, ProbeOptions.MOST_VERIFIED);
        WantedPiece piece = new WantedPiece(large.metainfo().layout(), 0);

        List<BlockRange> first = piece.requests();

        assertThat(first).hasSize(WantedPiece.IN_FLIGHT);
        assertThat(piece.requests()).isEmpty();
        piece.arrived(first.getFirst(), ByteBuffer.wrap(large.block(first.getFirst())));
        assertThat(piece.requests()).hasSize(1);
        assertThat(piece.isAwaited(first.getFirst())).isFalse();
    }

    @Test
    void memoryForPiecesIsBounded() throws Exception {
        PieceMemory memory = new PieceMemory();
        memory.take(PieceMemory.MOST);
        Thread waiting = Thread.ofVirtual().start(() -> memory.take(1));
        while (waiting.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        memory.give(PieceMemory.MOST);
        waiting.join();

        memory.give(1);
        assertThat(memory.free()).isEqualTo(PieceMemory.MOST);
    }

    private static ProbeResult look(ScriptedPeer peer, ProbeOptions options) {
        return probe((address, limit) -> new Dial.Dialed.Connected(peer), options)
                .look(PEER);
    }

    private static PeerProbe probe(Dial dial, ProbeOptions options) {
        return new PeerProbe(CONTENT.metainfo(), names(), dial, address -> false, options, new Random(1));
    }

    private static PeerProbe.Names names() {
        return new PeerProbe.Names(id(OUR_ID), id(SESSION_ID), "Spate/test");
    }

    private static PeerId id(String text) {
        return PeerId.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}
