package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.peer.CloseReason;
import dev.spate.core.peer.Peer;
import dev.spate.core.pex.PexNews;
import dev.spate.wire.Decoding;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.Holepunch;
import dev.spate.wire.peer.MetadataMessage;
import dev.spate.wire.peer.PeerExchange;
import dev.spate.wire.peer.PeerExchange.Contact;
import dev.spate.wire.peer.PeerMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What peers tell of others and of themselves, and what they are told. */
class HearsayTest {
    private static final PieceLayout LAYOUT = new PieceLayout(100 << 14, 1 << 14);
    private static final int THEIR_ID = 77;

    private final Stage stage = stage(false);
    private final Stage secretive = stage(true);

    @Test
    void dialsWhatOthersTellOf() {
        tell(stage, connect(stage, 1, PeerExchange.NAME), 5, 6);

        assertThat(stage.dials()).extracting(Effect.Dial::address).contains(Stage.address(5));
        stage.pass(Stage.SECOND);
        assertThat(stage.dials()).extracting(Effect.Dial::address).contains(Stage.address(6));
    }

    @Test
    void tellsEachOfTheOthers() {
        int first = connect(stage, 1, PeerExchange.NAME);
        int second = connect(stage, 2, PeerExchange.NAME);
        int deaf = connect(stage, 3);
        stage.pass(PexNews.INTERVAL);

        List<PeerExchange> told = said(stage, first, PeerExchange::decode);
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().added())
                .extracting(Contact::address)
                .containsExactly(Stage.address(2), Stage.address(3));
        assertThat(said(stage, deaf, PeerExchange::decode)).isEmpty();

        stage.swarm.peerClosed(second, CloseReason.ofFailure(null), stage.now);
        stage.drain();
        stage.pass(PexNews.INTERVAL);
        assertThat(said(stage, first, PeerExchange::decode))
                .containsExactly(new PeerExchange(List.of(), List.of(Stage.address(2))));
    }

    @Test
    void reportsNodesOfTheDht() {
        stage.hear(connect(stage, 1), new PeerMessage.Port(5555));
        stage.hear(connect(stage, 2), new PeerMessage.Port(0));

        assertThat(stage.events)
                .filteredOn(SwarmEvent.DhtNode.class::isInstance)
                .containsExactly(new SwarmEvent.DhtNode(Stage.address(1).withPort(5555)));
    }

    @Test
    void bringsTwoTogether() {
        int asker = connect(stage, 1, Holepunch.NAME);
        int other = connect(stage, 2, Holepunch.NAME);

        rendezvous(stage, asker, Stage.address(2));

        assertThat(said(stage, asker, Holepunch::decode)).containsExactly(new Holepunch.Connect(Stage.address(2)));
        assertThat(said(stage, other, Holepunch::decode)).containsExactly(new Holepunch.Connect(Stage.address(1)));
    }

    @Test
    void saysWhyItCannot() {
        int asker = connect(stage, 1, Holepunch.NAME);
        connect(stage, 2);

        for (PeerAddress address :
                List.of(Stage.address(3).withPort(0), Stage.address(3), Stage.address(2), Stage.address(1))) {
            rendezvous(stage, asker, address);
        }

        assertThat(said(stage, asker, Holepunch::decode))
                .extracting(message -> ((Holepunch.Failed) message).code())
                .containsExactly(
                        Holepunch.Failed.NO_SUCH_PEER,
                        Holepunch.Failed.NOT_CONNECTED,
                        Holepunch.Failed.NO_SUPPORT,
                        Holepunch.Failed.NO_SELF);
    }

    @Test
    void aPeerMayNotAskForEver() {
        int asker = connect(stage, 1, Holepunch.NAME);
        for (int i = 0; i < Hearsay.MAX_RENDEZVOUS + 10; i++) {
            rendezvous(stage, asker, Stage.address(9));
        }

        assertThat(said(stage, asker, Holepunch::decode)).hasSize(Hearsay.MAX_RENDEZVOUS);
    }

    @Test
    void whoIsToldToConnectDials() {
        int relay = connect(stage, 1, Holepunch.NAME);

        stage.hear(relay, new Holepunch.Connect(Stage.address(4)).message(Peer.HOLEPUNCH_ID));

        assertThat(stage.dials()).extracting(Effect.Dial::address).containsExactly(Stage.address(4));
    }

    /** BEP 27. */
    @Test
    void nothingOfThisInAPrivateTorrent() {
        int peer = connect(secretive, 1, PeerExchange.NAME, Holepunch.NAME);
        connect(secretive, 2, PeerExchange.NAME, Holepunch.NAME);

        tell(secretive, peer, 5, 6);
        secretive.hear(peer, new PeerMessage.Port(5555));
        rendezvous(secretive, peer, Stage.address(2));
        secretive.hear(peer, new Holepunch.Connect(Stage.address(4)).message(Peer.HOLEPUNCH_ID));
        secretive.pass(2 * PexNews.INTERVAL);

        assertThat(secretive.dials()).isEmpty();
        assertThat(said(secretive, peer, PeerExchange::decode)).isEmpty();
        assertThat(secretive.events).noneMatch(SwarmEvent.DhtNode.class::isInstance);
    }

    @Test
    void givesItsMetadata() {
        byte[] metadata = new byte[(1 << 14) + 9];
        stage.swarm.serveMetadata(ByteBuffer.wrap(metadata));
        int peer = stage.connect(1);
        assertThat(said(stage, peer, ExtensionHandshake::decode, ExtensionHandshake.ID))
                .singleElement()
                .satisfies(said -> {
                    assertThat(said.metadataSize()).isEqualTo(metadata.length);
                    assertThat(said.extensions()).containsEntry(MetadataMessage.NAME, Peer.METADATA_ID);
                });
        describe(stage, peer, MetadataMessage.NAME);

        stage.hear(peer, new MetadataMessage.Request(1).message(Peer.METADATA_ID));
        stage.hear(peer, new MetadataMessage.Request(2).message(Peer.METADATA_ID));

        assertThat(said(stage, peer, MetadataMessage::decode))
                .containsExactly(
                        new MetadataMessage.Data(1, metadata.length, ByteBuffer.allocate(9)),
                        new MetadataMessage.Reject(2));
    }

    @Test
    void nonsenseCostsTheConnection() {
        for (int id : new int[] {Peer.PEX_ID, Peer.METADATA_ID, Peer.HOLEPUNCH_ID}) {
            int peer = stage.connect(10 + id);
            stage.hear(peer, new PeerMessage.Extended(id, ByteBuffer.wrap(new byte[] {'x'})));
            assertThat(stage.closeReason(peer)).isEqualTo(CloseReason.Kind.BAD_EXTENSION_MESSAGE);
        }
    }

    private static Stage stage(boolean isPrivate) {
        return new Stage(LAYOUT, new PieceSet(LAYOUT.pieces()), SwarmSettings.DEFAULTS, isPrivate);
    }

    /** It listens where it comes from, and understands these extensions by the same number. */
    private static int connect(Stage stage, int number, String... extensions) {
        int peer = stage.connect(number);
        describe(stage, peer, extensions);
        stage.sentTo(peer);
        return peer;
    }

    private static void describe(Stage stage, int peer, String... extensions) {
        SortedMap<String, Integer> ids = new TreeMap<>(Map.of());
        for (String extension : extensions) {
            ids.put(extension, THEIR_ID);
        }
        stage.hear(peer, new ExtensionHandshake(ids, null, 6881, null, null, null, null, null, null).message());
    }

    private static void tell(Stage stage, int peer, int... numbers) {
        List<Contact> contacts = new ArrayList<>();
        for (int number : numbers) {
            contacts.add(new Contact(Stage.address(number), 0));
        }
        stage.hear(peer, new PeerExchange(contacts, List.of()).message(Peer.PEX_ID));
    }

    private static void rendezvous(Stage stage, int peer, PeerAddress address) {
        stage.hear(peer, new Holepunch.Rendezvous(address).message(Peer.HOLEPUNCH_ID));
    }

    private static <T> List<T> said(Stage stage, int peer, Function<ByteBuffer, Decoding<T>> decoder) {
        return said(stage, peer, decoder, THEIR_ID);
    }

    private static <T> List<T> said(Stage stage, int peer, Function<ByteBuffer, Decoding<T>> decoder, int id) {
        List<T> result = new ArrayList<>();
        for (PeerMessage message : stage.sentTo(peer)) {
            if (message instanceof PeerMessage.Extended(int number, ByteBuffer payload)
                    && number == id
                    && decoder.apply(payload) instanceof Decoding.Decoded<T>(T said)) {
                result.add(said);
            }
        }
        return result;
    }
}
