package dev.spate.interop.hostile;

import dev.spate.interop.own.Sample;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PeerId;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.Reserved;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;

/** Strangers who come to one that seeds, and wear it out. */
final class Takers {
    /** How many there are who do not finish their handshake. */
    static final int UNFINISHED = 6;

    private static final int EXTENDED = 20;
    private static final int HASHES = 22;
    private static final int UNKNOWN = 99;
    private static final int MEBIBYTE = 1 << 20;
    private static final int MANY = 100_000;
    private static final Duration A_WHILE = Duration.ofSeconds(6);

    private Takers() {}

    static PeerId anyId() {
        return PeerId.random("-XX0001-", new SecureRandom());
    }

    /** Sets them all on the victim. Handshakes that are never completed report how long they were borne. */
    static void begin(Storm storm, Sample sample, Queue<Duration> unfinished) {
        storm.begin("wrong protocol", "127.1.1.", 2, sample, peer -> {
            byte[] bytes = peer.handshake(Stranger.MODERN, anyId());
            bytes[19] ^= 1;
            peer.raw(bytes);
            peer.awaitEnd();
        });
        storm.begin("wrong info-hash", "127.1.2.", 2, sample, peer -> {
            byte[] bytes = peer.handshake(Stranger.MODERN, anyId());
            bytes[30] ^= 1;
            peer.raw(bytes);
            peer.awaitEnd();
        });
        storm.begin("the victim's own id", "127.1.3.", 2, sample, Takers::mirror);
        beginUnfinished(storm, sample, unfinished);
        storm.begin("idle crowd", "127.1.6.", 250, sample, Stranger::awaitEnd);
        storm.begin("idle crowd of two nets", "127.1.7.", 250, sample, Stranger::awaitEnd);
        greeted(storm, "idle after the handshake", "127.1.8.", 150, sample, Stranger::awaitEnd);
        greeted(storm, "message of 4 GiB", "127.1.9.", 2, sample, peer -> {
            peer.raw(new byte[] {-1, -1, -1, -1});
            peer.awaitEnd();
        });
        greeted(storm, "unknown MiB, dripped", "127.1.10.", 4, sample, peer -> {
            peer.raw(Stranger.promise(MEBIBYTE, UNKNOWN));
            peer.drip(200 << 10, 1 << 10, Duration.ofMillis(30));
        });
        greeted(storm, "unknown MiB, whole", "127.1.11.", 2, sample, peer -> {
            for (int i = 0; i < 20; i++) {
                peer.raw(Stranger.promise(MEBIBYTE, UNKNOWN));
                peer.raw(new byte[MEBIBYTE - 1]);
            }
        });
        greeted(storm, "extension MiB, never finished", "127.1.12.", 60, sample, peer -> {
            peer.raw(Stranger.promise(MEBIBYTE, EXTENDED));
            peer.raw(new byte[MEBIBYTE - 2]);
            peer.awaitEnd();
        });
        greeted(storm, "hashes MiB, never finished", "127.1.31.", 40, sample, peer -> {
            peer.raw(Stranger.promise(MEBIBYTE - 15, HASHES)); // 49 and a multiple of 32, as must be
            peer.raw(new byte[MEBIBYTE - 17]);
            peer.awaitEnd();
        });
        greeted(storm, "extension handshake, deep", "127.1.13.", 2, sample, peer -> {
            peer.say(extended("d1:a".repeat(MANY)));
            peer.awaitEnd();
        });
        greeted(storm, "extension handshake, 1 MiB", "127.1.14.", 2, sample, peer -> {
            peer.say(extended("d1:v1000000:" + "a".repeat(1_000_000) + "e"));
            peer.awaitEnd();
        });
        greeted(storm, "requests while choked", "127.1.15.", 3, sample, peer -> requestAll(peer, 50));
        storm.begin("requests while choked, old dialect", "127.1.16.", 2, sample, peer -> {
            peer.shakeHands(Reserved.NONE, anyId());
            requestAll(peer, 50);
        });
        greeted(storm, "requests, never read", "127.1.17.", 8, sample, Takers::neverRead);
        greeted(storm, "requests and cancels, never read", "127.1.18.", 2, sample, Takers::takeBack);
        greeted(storm, "request beyond the end", "127.1.19.", 1, sample, peer -> {
            peer.say(new PeerMessage.Request(new BlockRange(sample.pieces(), 0, PieceLayout.BLOCK_LENGTH)));
            peer.awaitEnd();
        });
        greeted(storm, "request of 128 KiB", "127.1.20.", 1, sample, peer -> {
            peer.say(new PeerMessage.Request(new BlockRange(0, 0, 128 << 10)));
            peer.awaitEnd();
        });
        greeted(storm, "have beyond the end", "127.1.21.", 1, sample, peer -> {
            peer.say(new PeerMessage.Have(sample.pieces()));
            peer.awaitEnd();
        });
        greeted(storm, "bitfield late", "127.1.22.", 1, sample, peer -> {
            peer.say(new PeerMessage.Have(0), new PeerMessage.Bitfield(new PieceSet(sample.pieces())));
            peer.awaitEnd();
        });
        greeted(storm, "bitfield too long", "127.1.23.", 1, sample, peer -> {
            peer.say(new PeerMessage.Bitfield(new PieceSet(sample.pieces() + 64)));
            peer.awaitEnd();
        });
        greeted(storm, "ports", "127.1.24.", 1, sample, peer -> peer.flood(new PeerMessage.Port(4711), MANY));
        greeted(storm, "keep-alives", "127.1.25.", 1, sample, peer -> peer.flood(new PeerMessage.KeepAlive(), MANY));
        greeted(storm, "interest dance", "127.1.26.", 1, sample, Takers::dance);
        greeted(
                storm,
                "allowed fast",
                "127.1.27.",
                1,
                sample,
                peer -> peer.flood(new PeerMessage.AllowedFast(1), MANY));
        greeted(
                storm,
                "suggestions",
                "127.1.28.",
                1,
                sample,
                peer -> peer.flood(new PeerMessage.SuggestPiece(1), MANY));
        greeted(
                storm,
                "rejects",
                "127.1.29.",
                1,
                sample,
                peer -> peer.flood(new PeerMessage.RejectRequest(new BlockRange(0, 0, 16 << 10)), MANY));
        greeted(storm, "noise", "127.1.30.", 2, sample, peer -> {
            byte[] noise = new byte[64 << 10];
            new SecureRandom().nextBytes(noise);
            noise[0] = 0;
            noise[1] = 0;
            peer.raw(noise);
            peer.awaitEnd();
        });
    }

    /** Only those who do not finish their handshake. */
    static void beginUnfinished(Storm storm, Sample sample, Queue<Duration> unfinished) {
        storm.begin("silent", "127.1.4.", UNFINISHED / 2, sample, peer -> unfinished.add(peer.awaitEnd()));
        storm.begin("one byte a second", "127.1.5.", UNFINISHED / 2, sample, peer -> crawl(peer, unfinished));
    }

    private static void greeted(
            Storm storm, String kind, String network, int strangers, Sample sample, Storm.Script script) {
        storm.begin(kind, network, strangers, sample, peer -> {
            peer.shakeHands(Stranger.MODERN, anyId());
            script.play(peer);
        });
    }

    private static void mirror(Stranger peer) throws IOException {
        PeerId theirs = peer.shakeHands(Stranger.MODERN, anyId()).peerId();
        try (var again = new Stranger("127.1.3.200", peer.port(), peer.sample())) {
            again.raw(again.handshake(Stranger.MODERN, theirs));
            again.awaitEnd();
        }
    }

    private static void crawl(Stranger peer, Queue<Duration> unfinished) throws IOException {
        byte[] bytes = peer.handshake(Stranger.MODERN, anyId());
        Thread.ofVirtual().start(() -> {
            try {
                for (byte one : bytes) {
                    peer.raw(new byte[] {one});
                    Stranger.rest(Duration.ofSeconds(1));
                }
            } catch (IOException e) {
                // The victim has closed, which the other thread notices too, and sooner.
                return;
            }
        });
        unfinished.add(peer.awaitEnd());
    }

    private static PeerMessage extended(String payload) {
        return new PeerMessage.Extended(0, ByteBuffer.wrap(payload.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Asks for every block, again and again, and never reads an answer. */
    private static void requestAll(Stranger peer, int times) throws IOException {
        PeerMessage[] requests = requests(peer.sample());
        for (int i = 0; i < times; i++) {
            peer.say(requests);
        }
    }

    private static PeerMessage[] requests(Sample sample) {
        PieceLayout layout = sample.layout();
        PeerMessage[] requests = new PeerMessage[layout.pieces()];
        Arrays.setAll(requests, piece -> new PeerMessage.Request(layout.block(piece, 0)));
        return requests;
    }

    private static void neverRead(Stranger peer) throws IOException {
        peer.say(new PeerMessage.Interested());
        peer.await(PeerMessage.Unchoke.class);
        peer.say(requests(peer.sample()));
        Stranger.rest(A_WHILE);
    }

    private static void takeBack(Stranger peer) throws IOException {
        peer.say(new PeerMessage.Interested());
        peer.await(PeerMessage.Unchoke.class);
        PeerMessage[] requests = requests(peer.sample());
        PeerMessage[] cancels = Arrays.stream(requests)
                .map(request -> new PeerMessage.Cancel(((PeerMessage.Request) request).block()))
                .toArray(PeerMessage[]::new);
        for (int i = 0; i < 50; i++) {
            peer.say(requests);
            peer.say(cancels);
        }
        Stranger.rest(A_WHILE);
    }

    private static void dance(Stranger peer) throws IOException {
        PeerMessage[] steps = new PeerMessage[1000];
        Arrays.setAll(steps, i -> i % 2 == 0 ? new PeerMessage.Interested() : new PeerMessage.NotInterested());
        for (int i = 0; i < 100; i++) {
            peer.say(steps);
        }
    }
}
