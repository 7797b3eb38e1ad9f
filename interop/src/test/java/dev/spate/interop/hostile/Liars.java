package dev.spate.interop.hostile;

import dev.spate.interop.own.Sample;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.PeerExchange;
import dev.spate.wire.peer.PeerMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Strangers who say to one that downloads that they have everything, and then do not give it. */
final class Liars {

    /** Where those are who send corrupt data; each must be found out. */
    static final String CORRUPT_NETWORK = "127.2.1.";

    /** How many of them there are. */
    static final int CORRUPT = 5;

    /** So many tell of ten thousand peers with their first messages. */
    private static final int GOSSIPS = 50;

    private static final Duration GOSSIP_PAUSE = Duration.ofSeconds(2);

    private static final AtomicInteger NAMES = new AtomicInteger();

    private Liars() {}

    /** Sets those on the victim who tell of peers that are none. */
    static void beginGossip(Storm storm, Sample sample) {
        storm.begin("gossip of 200 peers who are not", "127.2.12.", GOSSIPS, sample, Liars::gossip);
    }

    /** What a liar does when it is asked for a block. */
    @FunctionalInterface
    private interface Answer {
        /** @param number counts the requests of one connection */
        void give(Stranger peer, BlockRange block, int number) throws IOException;
    }

    /** Sets them all on the victim. */
    static void begin(Storm storm, Sample sample) {
        for (int i = 1; i <= CORRUPT; i++) {
            // Three whose every block is bad, two who are bad now and then.
            int good = i <= 3 ? 1 : 5 * i;
            PeerId id = PeerId.of("-XX0002-corrupt%05d".formatted(i).getBytes(StandardCharsets.US_ASCII));
            String address = CORRUPT_NETWORK + i;
            storm.beginAt("corrupt, one block in " + good + " (" + i + ")", address, sample, peer -> {
                peer.shakeHands(Stranger.MODERN, id);
                serve(peer, (to, block, number) -> to.sayPiece(block, payload(sample, block, number % good == 0)));
            });
        }
        liar(
                storm,
                "corrupt, a new name each time",
                "127.2.2.",
                sample,
                (peer, block, number) -> peer.sayPiece(block, payload(sample, block, true)));
        liar(storm, "short blocks", "127.2.3.", sample, (peer, block, number) -> {
            BlockRange shorter = new BlockRange(block.piece(), block.begin(), block.length() - 1);
            peer.sayPiece(shorter, payload(sample, shorter, false));
        });
        liar(storm, "long blocks", "127.2.4.", sample, (peer, block, number) -> {
            BlockRange longer = new BlockRange(block.piece(), block.begin(), block.length() + 1);
            peer.sayPiece(longer, new byte[longer.length()]);
        });
        liar(storm, "each block twice", "127.2.5.", sample, (peer, block, number) -> {
            peer.sayPiece(block, payload(sample, block, false));
            peer.sayPiece(block, payload(sample, block, false));
        });
        liar(storm, "other blocks", "127.2.6.", sample, (peer, block, number) -> {
            int other = (block.piece() + 1) % sample.pieces();
            peer.sayPiece(
                    sample.layout().block(other, 0),
                    new byte[sample.layout().block(other, 0).length()]);
        });
        liar(
                storm,
                "all rejected",
                "127.2.7.",
                sample,
                (peer, block, number) -> peer.say(new PeerMessage.RejectRequest(block)));
        liar(
                storm,
                "choke dance",
                "127.2.8.",
                sample,
                (peer, block, number) -> peer.say(new PeerMessage.Choke(), new PeerMessage.Unchoke()));
        liar(storm, "stalls within a block", "127.2.9.", sample, (peer, block, number) -> {
            peer.raw(Stranger.promise(9 + block.length(), 7));
            peer.raw(ByteBuffer.allocate(8)
                    .putInt(block.piece())
                    .putInt(block.begin())
                    .array());
            peer.raw(new byte[5000]);
            peer.awaitEnd();
        });
        liar(storm, "never answers", "127.2.10.", sample, (peer, block, number) -> {});
        storm.begin("unasked blocks", "127.2.11.", 1, sample, peer -> {
            peer.shakeHands(Stranger.MODERN, Takers.anyId());
            peer.say(new PeerMessage.HaveAll());
            for (int piece = 0; piece < sample.pieces(); piece++) {
                BlockRange block = sample.layout().block(piece, 0);
                peer.sayPiece(block, new byte[block.length()]);
            }
            peer.awaitEnd();
        });
    }

    /** Each tells of as many peers as one message may, and of others each time; where they should be nobody listens. */
    private static void gossip(Stranger peer) throws IOException {
        peer.shakeHands(Stranger.MODERN, Takers.anyId());
        peer.say(new ExtensionHandshake(
                        new TreeMap<>(Map.of(PeerExchange.NAME, 1)), null, null, null, null, null, null, null, null)
                .message());
        int theirs = peer.awaitExtension(PeerExchange.NAME);
        var random = ThreadLocalRandom.current();
        while (true) {
            List<PeerExchange.Contact> contacts = new ArrayList<>();
            for (int i = 0; i < PeerExchange.MAX_CONTACTS; i++) {
                byte[] address = {127, 9, (byte) random.nextInt(), (byte) random.nextInt(1, 255)};
                contacts.add(new PeerExchange.Contact(
                        PeerAddress.of(
                                new InetSocketAddress(InetAddress.getByAddress(address), random.nextInt(1, 1 << 16))),
                        0));
            }
            peer.say(new PeerExchange(contacts, List.of()).message(theirs));
            Stranger.rest(GOSSIP_PAUSE);
        }
    }

    private static void liar(Storm storm, String kind, String network, Sample sample, Answer answer) {
        storm.begin(kind, network, 1, sample, peer -> {
            int name = NAMES.incrementAndGet();
            peer.shakeHands(
                    Stranger.MODERN, PeerId.of("-XX0003-%012d".formatted(name).getBytes(StandardCharsets.US_ASCII)));
            serve(peer, answer);
        });
    }

    /** Says that it has everything, unchokes, and answers. */
    private static void serve(Stranger peer, Answer answer) throws IOException {
        peer.say(new PeerMessage.HaveAll(), new PeerMessage.Unchoke());
        int number = 0;
        while (true) {
            if (peer.hear() instanceof PeerMessage.Request(BlockRange block)) {
                answer.give(peer, block, number++);
            }
        }
    }

    private static byte[] payload(Sample sample, BlockRange block, boolean corrupt) throws IOException {
        PieceLayout layout = sample.layout();
        byte[] bytes = sample.bytes(sample.source(), layout.offset(block.piece()) + block.begin(), block.length());
        if (corrupt) {
            bytes[bytes.length / 2] ^= 1;
        }
        return bytes;
    }
}
