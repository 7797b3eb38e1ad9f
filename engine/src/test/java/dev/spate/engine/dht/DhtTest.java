package dev.spate.engine.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.DhtItem;
import dev.spate.wire.dht.NodeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real nodes on sockets of the loopback interface. */
@Timeout(60)
class DhtTest {
    private static final Digest INFO_HASH = Digest.ofHex("00112233445566778899aabbccddeeff00112233");

    @TempDir
    private Path folder;

    private final List<Dht> nodes = new ArrayList<>();

    @AfterEach
    void end() {
        nodes.forEach(Dht::close);
    }

    @Test
    void threeNodesFindEachOtherAndWhatTheyStore() throws Exception {
        Dht router = start(List.of(), null);
        HostPort door = new HostPort("127.0.0.1", port(router));
        Dht ann = start(List.of(door), null);
        Dht bob = start(List.of(door), null);
        untilItKnows(ann, 2);
        untilItKnows(bob, 2);

        assertThat(get(ann.ping(router.localAddresses().getFirst()))).isPresent();
        BlockingQueue<Integer> rounds = new LinkedBlockingQueue<>();
        ann.announce(INFO_HASH, 7000, false, true, new DhtListener() {
            @Override
            public void peersFound(List<PeerAddress> peers) {
                // Nobody else announces himself.
            }

            @Override
            public void roundOver(int nodes) {
                rounds.add(nodes);
            }
        });
        assertThat(rounds.poll(30, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(get(bob.findPeers(INFO_HASH)).peers()).containsExactly(PeerAddress.of(at(7000)));
        assertThat(get(router.sample(NodeId.of(INFO_HASH)))).containsExactly(INFO_HASH);
        Scrape scrape = get(bob.scrape(INFO_HASH));
        assertThat(scrape).isEqualTo(new Scrape(1, 0));
        ann.withdraw(INFO_HASH);

        BencodeString value = BencodeString.of("x".repeat(900));
        Stored stored = get(ann.putImmutable(value));
        assertThat(stored.nodes()).isEqualTo(2);
        assertThat(get(bob.getImmutable(stored.item().target()))).contains(value);

        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Bytes salt = Bytes.ofText("s");
        assertThat(get(ann.putMutable(keys, salt, BencodeString.of("one"))).nodes())
                .isEqualTo(2);
        assertThat(get(bob.putMutable(keys, salt, BencodeString.of("two"))).nodes())
                .isPositive();
        assertThat(get(router.getMutable(DhtItem.Mutable.publicKey(keys), salt)))
                .hasValueSatisfying(item -> {
                    assertThat(item.decoded()).isEqualTo(BencodeString.of("two"));
                    assertThat(item.seq()).isEqualTo(2);
                });
        DhtStatus status = get(router.stats());
        assertThat(status.storedPeers()).isOne();
        assertThat(status.answersOut()).isPositive();
    }

    @Test
    void aNodeRemembersWhomItKnew() throws Exception {
        Path file = folder.resolve("dht.dat");
        Dht other = start(List.of(), null);
        Dht node = start(List.of(new HostPort("127.0.0.1", port(other))), file);
        untilItKnows(node, 1);
        node.close();
        assertThat(file).exists();
        Dht again = start(List.of(), file);
        untilItKnows(again, 1);
    }

    @Test
    void aDamagedStateIsNone() throws Exception {
        Path file = folder.resolve("dht.dat");
        Files.writeString(file, "d3:id4");
        Dht node = start(List.of(), file);
        assertThat(get(node.stats()).ipv4Nodes()).isZero();
    }

    @Test
    void whoWaitsIsToldOfTheEnd() throws Exception {
        Dht node = start(List.of(), null);
        CompletableFuture<?> never = node.ping(at(9));
        node.close();
        node.close();
        assertThatThrownBy(never::join).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> node.findPeers(INFO_HASH).join()).isInstanceOf(CancellationException.class);
        node.addNode(at(9));
        node.withdraw(INFO_HASH);
    }

    @Test
    void aPortThatIsTakenIsSaid() throws Exception {
        Dht node = start(List.of(), null);
        DhtOptions same = DhtOptions.at(node.localAddresses());
        assertThatThrownBy(() -> Dht.open(same)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> DhtOptions.at(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThat(DhtOptions.at(List.of(new InetSocketAddress(0))).bind()).hasSize(1);
    }

    private Dht start(List<HostPort> routers, @Nullable Path state) throws IOException {
        Dht node = Dht.open(DhtOptions.at(List.of(at(0))).withRouters(routers).withState(state));
        nodes.add(node);
        return node;
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static int port(Dht node) {
        return node.localAddresses().getFirst().getPort();
    }

    private static void untilItKnows(Dht node, int others) throws Exception {
        while (get(node.stats()).ipv4Nodes() < others) {
            Thread.onSpinWait();
        }
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(40, TimeUnit.SECONDS);
    }
}
