package dev.spate.classic.descriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.engine.AddOptions;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentBuilder;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real sockets and files on loopback. */
@Timeout(120)
class DescriptorNetworkTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    @TempDir
    private Path folder;

    private static Session session() {
        return Session.open(SessionSettings.builder()
                .listen(ANY)
                .lanes(1)
                .workers(1)
                .pieceMemory(8 << 20)
                .build());
    }

    private static Membership membership(Descriptor descriptor, Session session) {
        return new Membership(
                descriptor.key(),
                descriptor.metainfo().orElseThrow().infoHash().v1(),
                session.listenAddresses().getFirst().getPort(),
                PeerState.LEECH);
    }

    @Test
    void oneGetsTheFileFromAnotherThroughAThirdAndBecomesASeed() throws Exception {
        byte[] content = new byte[300_000];
        new SplittableRandom(1).nextBytes(content);
        Path home = Files.createDirectory(folder.resolve("has"));
        Path file = Files.write(home.resolve("a.bin"), content);
        Metainfo metainfo = TorrentBuilder.of(file).isPrivate(true).build();
        Descriptor descriptor = Descriptor.of(metainfo, null, ".", List.of());
        CompletableFuture<Void> seedToo = new CompletableFuture<>();
        Queue<NetworkEvent> told = new ConcurrentLinkedQueue<>();
        try (Session holds = session();
                Session wants = session()) {
            Torrent whole = holds.add(metainfo, AddOptions.into(home));
            whole.completion().get(30, TimeUnit.SECONDS);
            try (DescriptorNetwork holder = DescriptorNetwork.open(
                            new NodeOptions(ANY, List.of(), membership(descriptor, holds)), whole, event -> {
                                if (event instanceof NetworkEvent.Declared(PeerAddress _, PeerState state)
                                        && state == PeerState.SEED) {
                                    seedToo.complete(null);
                                }
                            });
                    DescriptorNetwork between = DescriptorNetwork.open(
                            new NodeOptions(ANY, List.of(PeerAddress.of(holder.localAddress())), null), event -> {})) {
                Torrent torrent = wants.add(metainfo, AddOptions.into(folder.resolve("got")));
                try (DescriptorNetwork leech = DescriptorNetwork.open(
                        new NodeOptions(
                                ANY, List.of(PeerAddress.of(between.localAddress())), membership(descriptor, wants)),
                        torrent,
                        told::add)) {
                    torrent.completion().get(60, TimeUnit.SECONDS);
                    seedToo.get(30, TimeUnit.SECONDS);
                    assertThat(leech.peers().get(10, TimeUnit.SECONDS))
                            .extracting(KnownPeer::address)
                            .containsExactly(PeerAddress.of(holder.localAddress()));
                    assertThat(between.stats().get(10, TimeUnit.SECONDS).passedOn())
                            .isPositive();
                }
            }
        }
        assertThat(folder.resolve("got").resolve("a.bin")).hasBinaryContent(content);
        assertThat(told.stream().filter(NetworkEvent.Joined.class::isInstance)).hasSize(1);
        assertThat(told.toString()).doesNotContain("Gone");
        assertThat(told.stream().map(NetworkEvent::words)).anyMatch(words -> words.startsWith("joined 127.0.0.1:"));
    }

    @Test
    void theDemonstrationComesToItsEnd() throws Exception {
        Queue<String> said = new ConcurrentLinkedQueue<>();
        try (DescriptorDemo demo = new DescriptorDemo(folder, said::add)) {
            DescriptorDemo.Report report = demo.run(1_000_000, Duration.ofSeconds(90));
            assertThat(report.complete()).isTrue();
            assertThat(report.identical()).isTrue();
            assertThat(report.nodes()).isEqualTo(7);
            assertThat(report.datagrams()).isPositive();
        }
        assertThat(said).anyMatch(sentence -> sentence.contains("leech 1: joined"));
    }

    @Test
    void datagramsOfStrangersAreAnsweredOnTheWireOfTheOriginal() throws Exception {
        Membership membership = new Membership(HashKey.of("13"), null, 0, PeerState.SEED);
        try (DescriptorNetwork node = DescriptorNetwork.open(new NodeOptions(ANY, List.of(), membership), event -> {});
                DatagramSocket socket = new DatagramSocket(ANY)) {
            socket.setSoTimeout(30_000);
            for (byte[] rubbish : List.of(new byte[0], new byte[1], new byte[1080], new byte[5000])) {
                socket.send(new DatagramPacket(rubbish, rubbish.length, node.localAddress()));
            }
            CompletableFuture<ByteBuffer> sent = new CompletableFuture<>();
            OriginalNode original = new OriginalNode(
                    PeerAddress.of((InetSocketAddress) socket.getLocalSocketAddress()),
                    "13",
                    List.of(PeerAddress.of(node.localAddress())),
                    (from, to, datagram) -> sent.complete(datagram),
                    1);
            original.begin();
            socket.send(new DatagramPacket(sent.join().array(), 1080, node.localAddress()));
            DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
            socket.receive(answer);
            assertThat(answer.getLength()).isEqualTo(1080);
            original.received(
                    PeerAddress.of(node.localAddress()), ByteBuffer.wrap(answer.getData(), 0, answer.getLength()));
            assertThat(original.found).containsExactly(PeerAddress.of(node.localAddress()));
            NodeStats stats = node.stats().get(10, TimeUnit.SECONDS);
            assertThat(stats.malformed()).isEqualTo(3);
            // A datagram of nothing but zeros is an answer that nobody waits for.
            assertThat(stats.stray()).isEqualTo(1);
        }
    }

    @Test
    void aPortInUseAndAnAddressForNobodyAreTold() throws Exception {
        DescriptorNetwork closed;
        try (DescriptorNetwork node = DescriptorNetwork.open(new NodeOptions(ANY, List.of(), null), event -> {})) {
            NodeOptions same = new NodeOptions(node.localAddress(), List.of(), null);
            assertThatThrownBy(() -> DescriptorNetwork.open(same, event -> {})).isInstanceOf(IOException.class);
            closed = node;
        }
        assertThat(closed.stats()).isCompletedExceptionally();
        assertThatThrownBy(() -> new NodeOptions(new InetSocketAddress(0), List.of(), null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(DescriptorNetwork.addressTowards(OriginalNode.address("127.0.0.1", 9)))
                .contains(InetAddress.ofLiteral("127.0.0.1"));
    }
}
