package dev.spate.wire.dht;

import dev.spate.wire.PeerAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the results of an answer. */
final class ResultsReader {
    private final KrpcCursor in;

    @Nullable
    NodeId id;

    private @Nullable List<NodeInfo> nodes;
    private @Nullable List<NodeInfo> nodes6;
    private List<PeerAddress> values = List.of();
    private @Nullable Bytes token;
    private @Nullable Bytes value;
    private @Nullable Bytes key;
    private @Nullable Bytes signature;
    private @Nullable Long seq;
    private @Nullable Bytes seeds;
    private @Nullable Bytes peers;
    private @Nullable List<NodeId> samples;
    private long interval;
    private long total;

    ResultsReader(KrpcCursor in) {
        this.in = in;
    }

    /** Reads the dictionary of results; false in trouble. */
    boolean read() {
        if (!in.take('d')) {
            return in.fail("results that are no dictionary");
        }
        String name = in.key();
        while (name != null) {
            if (in.isAtString()) {
                readString(name);
            } else if (in.isAt('i')) {
                readInteger(name);
            } else if (name.equals("values") && in.isAt('l')) {
                readValues();
            } else {
                int begin = in.at;
                if (in.skip() && name.equals("v")) {
                    value = Bytes.copyOf(in.bytes, begin, in.at);
                }
            }
            name = in.isInTrouble() ? null : in.key();
        }
        return !in.isInTrouble();
    }

    private void readString(String name) {
        int begin = in.at;
        if (!in.string()) {
            return;
        }
        switch (name) {
            case "id" -> {
                if (in.length() == NodeId.LENGTH) {
                    id = NodeId.at(in.bytes, in.from);
                }
            }
            case "nodes" -> nodes = nodes(Family.IPV4);
            case "nodes6" -> nodes6 = nodes(Family.IPV6);
            case "token" -> token = in.content();
            case "k" -> key = in.content();
            case "sig" -> signature = in.content();
            case "v" -> value = Bytes.copyOf(in.bytes, begin, in.at);
            case "BFsd" -> seeds = filter();
            case "BFpe" -> peers = filter();
            case "samples" -> samples = ids();
            default -> {}
        }
    }

    private void readInteger(String name) {
        int begin = in.at;
        if (!in.integer()) {
            return;
        }
        switch (name) {
            case "seq" -> seq = in.number;
            case "interval" -> interval = in.number;
            case "num" -> total = in.number;
            case "v" -> value = Bytes.copyOf(in.bytes, begin, in.at);
            default -> {}
        }
    }

    /** Nodes in a row; a cut-off last one is left out, and so is one that belongs to the other family. */
    private List<NodeInfo> nodes(Family family) {
        int length = family.compactNodeLength();
        List<NodeInfo> read = new ArrayList<>(in.length() / length);
        for (int at = in.from; at + length <= in.to; at += length) {
            PeerAddress address = address(in.bytes, at + NodeId.LENGTH, at + length);
            if (Family.of(address) == family) {
                read.add(new NodeInfo(NodeId.at(in.bytes, at), address));
            }
        }
        return read;
    }

    private void readValues() {
        List<PeerAddress> read = new ArrayList<>();
        in.take('l');
        while (in.isAtString() && in.string()) {
            if (in.length() == Family.IPV4.compactPeerLength() || in.length() == Family.IPV6.compactPeerLength()) {
                PeerAddress address = address(in.bytes, in.from, in.to);
                // Nobody listens at port 0.
                if (address.port() != 0) {
                    read.add(address);
                }
            }
        }
        if (!in.isInTrouble() && !in.take('e')) {
            in.fail("a peer that is no string");
        }
        values = read;
    }

    private @Nullable Bytes filter() {
        return in.length() == BloomFilter.LENGTH ? in.content() : null;
    }

    private List<NodeId> ids() {
        List<NodeId> read = new ArrayList<>(in.length() / NodeId.LENGTH);
        for (int at = in.from; at + NodeId.LENGTH <= in.to; at += NodeId.LENGTH) {
            read.add(NodeId.at(in.bytes, at));
        }
        return read;
    }

    /** The address of 4 or 16 bytes and the port behind it. */
    static PeerAddress address(byte[] bytes, int from, int to) {
        int port = (bytes[to - 2] & 0xff) << 8 | (bytes[to - 1] & 0xff);
        return PeerAddress.of(Arrays.copyOfRange(bytes, from, to - Short.BYTES), port);
    }

    Results results() {
        Results.Item item = value == null && seq == null ? null : new Results.Item(value, key, seq, signature);
        Results.Filters filters = seeds == null || peers == null ? null : new Results.Filters(seeds, peers);
        Results.Samples sampled = samples == null
                ? null
                : new Results.Samples(
                        Math.clamp(interval, 0, Results.Samples.MAX_INTERVAL_SECONDS),
                        Math.clamp(total, 0, Integer.MAX_VALUE),
                        samples);
        return new Results(nodes, nodes6, values, token, item, filters, sampled);
    }
}
