package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A node of the original, written from the layout of its structures with bare offsets, and not from our codec: it fills what it does not
 * use with rubbish, has one constant for a correlation id, never looks at those of others, knows no ping, no retry, no hop limit.
 */
final class OriginalNode {
    private static final int MAX_FORWARDS = 1000;

    /** Who takes what it sends. */
    interface Wire {
        void send(PeerAddress from, PeerAddress to, ByteBuffer datagram);
    }

    final PeerAddress address;
    private final String key;
    private final List<PeerAddress> neighbours;
    private final Wire wire;
    private final SplittableRandom rubbish;
    /** What it received last; the original's memory is full of such. */
    private byte[] leftovers = new byte[1080];

    final List<PeerAddress> peers = new ArrayList<>();
    final List<PeerAddress> found = new ArrayList<>();
    final List<PeerAddress> joinedBy = new ArrayList<>();
    int forwards;

    OriginalNode(PeerAddress address, String key, List<PeerAddress> neighbours, Wire wire, long seed) {
        this.address = address;
        this.key = key;
        this.neighbours = neighbours;
        this.wire = wire;
        this.rubbish = new SplittableRandom(seed);
    }

    /** Its {@code get_peers}: asks the first neighbour. */
    void begin() {
        wire.send(address, neighbours.getFirst(), getPeers(address, key));
    }

    /** Its {@code join_peers}, with all that it found. */
    void joinAll() {
        for (PeerAddress peer : found) {
            wire.send(address, peer, call(1));
        }
    }

    void received(PeerAddress from, ByteBuffer bytes) {
        ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        int type = in.getInt(8);
        if (type == 0x100) {
            int method = in.getInt(1056);
            String id = text(in, 1064, 16);
            if (method == 0) {
                asked(from, in, id);
            } else if (method == 0x100) {
                PeerAddress joiner = origin(in, 12);
                joinedBy.add(joiner);
                peers.add(joiner);
                wire.send(address, joiner, reply(1, id));
            }
        } else if (type == 0 && in.getInt(32) == 0 && in.getInt(36) == 0) {
            int count = in.get(40);
            for (int i = 0; i < count; i++) {
                int at = 41 + i * 40;
                found.add(address(text(in, at, 16), in.getShort(at + 16) & 0xffff));
            }
        }
        leftovers = new byte[1080];
        in.get(0, leftovers);
    }

    private void asked(PeerAddress from, ByteBuffer in, String id) {
        PeerAddress src = origin(in, 32);
        String asked = text(in, 50, 36);
        if (!asked.equals(key)) {
            wire.send(address, from, peersReply(List.of(), id));
        } else if (!peers.isEmpty()) {
            wire.send(address, src, peersReply(peers, id));
        } else if (forwards < MAX_FORWARDS) {
            PeerAddress before = origin(in, 12);
            neighbours.stream().filter(each -> !each.equals(before)).findFirst().ifPresent(next -> {
                forwards++;
                wire.send(address, next, getPeers(src, asked));
            });
        }
    }

    private ByteBuffer getPeers(PeerAddress src, String askedKey) {
        ByteBuffer out = call(0);
        put(out, 34, src.ip().getHostAddress(), 16);
        out.put(32, (byte) (src.port() >> 8)).put(33, (byte) src.port());
        put(out, 50, askedKey, 36);
        return out;
    }

    private ByteBuffer call(int method) {
        ByteBuffer out = memory();
        out.putLong(0, 0).putInt(8, 0x100).putShort(30, (short) 0);
        out.put(12, (byte) (address.port() >> 8)).put(13, (byte) address.port());
        put(out, 14, address.ip().getHostAddress(), 16);
        out.putInt(1056, method << 8);
        put(out, 1064, "random value", 16);
        return out;
    }

    private ByteBuffer reply(int method, String id) {
        ByteBuffer out = memory();
        out.putLong(0, 0).putInt(8, 0).putShort(12, (short) 0).putShort(30, (short) 0);
        put(out, 14, "", 16);
        out.putInt(32, method << 8).putInt(36, 0);
        put(out, 1064, id, 16);
        return out;
    }

    private ByteBuffer peersReply(List<PeerAddress> listed, String id) {
        ByteBuffer out = reply(0, id);
        out.put(40, (byte) listed.size());
        int at = 41;
        for (PeerAddress peer : listed) {
            put(out, at, peer.ip().getHostAddress(), 16);
            out.putShort(at + 16, (short) peer.port()).putInt(at + 36, 0);
            at += 40;
        }
        return out;
    }

    /** Half rubbish, half what lay there before. */
    private ByteBuffer memory() {
        byte[] bytes = leftovers.clone();
        if (rubbish.nextBoolean()) {
            rubbish.nextBytes(bytes);
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void put(ByteBuffer out, int at, String text, int length) {
        byte[] padded = new byte[length];
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, padded, 0, bytes.length);
        out.put(at, padded);
    }

    private static String text(ByteBuffer in, int at, int length) {
        byte[] bytes = new byte[length];
        in.get(at, bytes);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    private static PeerAddress origin(ByteBuffer in, int at) {
        int port = Short.reverseBytes(in.getShort(at)) & 0xffff;
        return address(text(in, at + 2, 16), port);
    }

    static PeerAddress address(String ip, int port) {
        return new PeerAddress(java.net.InetAddress.ofLiteral(ip), port);
    }
}
