package dev.spate.wire.dht;

import dev.spate.wire.PeerAddress;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the datagrams of the DHT, in the canonical form of BEP 3: keys in order. Pure; for all threads.
 *
 * <p>A node that is asked a lot does little else than this, so the bytes go straight to their place, and what is always the
 * same is one array.
 */
public final class KrpcEncoder {
    private static final byte[] ARGUMENTS = ascii("d1:ad");
    private static final byte[] ID = ascii("2:id20:");
    private static final byte[] INFO_HASH = ascii("9:info_hash20:");
    private static final byte[] TARGET = ascii("6:target20:");
    private static final byte[] YOUR_ADDRESS = ascii("2:ip");
    private static final byte[] RESULTS = ascii("1:rd");
    private static final byte[] TRANSACTION = ascii("1:t");
    private static final byte[] VERSION = ascii("1:v");
    private static final byte[] TOKEN = ascii("5:token");
    private static final byte[] NODES = ascii("5:nodes");
    private static final byte[] NODES6 = ascii("6:nodes6");
    private static final byte[] VALUES = ascii("6:valuesl");
    private static final byte[] QUERY_END = ascii("1:y1:qe");
    private static final byte[] ANSWER_END = ascii("1:y1:re");
    private static final byte[] REFUSAL_END = ascii("1:y1:ee");

    private KrpcEncoder() {}

    /**
     * Puts a message at the buffer's position. The buffer's order must be that of the network.
     *
     * @throws BufferOverflowException if there is no room
     */
    public static void encode(KrpcMessage message, ByteBuffer into) {
        switch (message) {
            case KrpcMessage.Query query -> query(query, into);
            case KrpcMessage.Answer answer -> answer(answer, into);
            case KrpcMessage.Refusal refusal -> refusal(refusal, into);
        }
    }

    private static void query(KrpcMessage.Query query, ByteBuffer into) {
        into.put(ARGUMENTS);
        String method = arguments(query.id(), query.question(), into);
        into.put((byte) 'e');
        if (query.question() instanceof Question.Unknown unknown) {
            text("1:q", into);
            string(unknown.method(), into);
        } else {
            text("1:q" + method.length() + ":" + method, into);
        }
        if (query.readOnly()) {
            text("2:roi1e", into);
        }
        end(query, QUERY_END, into);
    }

    /** Puts the arguments, with the id at its place in their order, and returns the method's name. */
    private static String arguments(NodeId id, Question question, ByteBuffer into) {
        return switch (question) {
            case Question.Ping _ -> {
                id(ID, id, into);
                yield "ping";
            }
            case Question.FindNode(NodeId target, Want want) -> {
                id(ID, id, into);
                id(TARGET, target, into);
                want(want, into);
                yield "find_node";
            }
            case Question.GetPeers(NodeId infoHash, Want want, boolean scrape, boolean noSeed) -> {
                id(ID, id, into);
                id(INFO_HASH, infoHash, into);
                flag("6:noseedi1e", noSeed, into);
                flag("6:scrapei1e", scrape, into);
                want(want, into);
                yield "get_peers";
            }
            case Question.AnnouncePeer(NodeId infoHash, int port, boolean impliedPort, boolean seed, Bytes token) -> {
                id(ID, id, into);
                flag("12:implied_porti1e", impliedPort, into);
                id(INFO_HASH, infoHash, into);
                integer("4:port", port, into);
                flag("4:seedi1e", seed, into);
                into.put(TOKEN);
                string(token, into);
                yield "announce_peer";
            }
            case Question.Get(NodeId target, Long seq, Want want) -> {
                id(ID, id, into);
                if (seq != null) {
                    integer("3:seq", seq, into);
                }
                id(TARGET, target, into);
                want(want, into);
                yield "get";
            }
            case Question.Put put -> {
                put(id, put, into);
                yield "put";
            }
            case Question.SampleInfohashes(NodeId target, Want want) -> {
                id(ID, id, into);
                id(TARGET, target, into);
                want(want, into);
                yield "sample_infohashes";
            }
            case Question.Unknown(Bytes _, NodeId target, Want want) -> {
                id(ID, id, into);
                if (target != null) {
                    id(TARGET, target, into);
                }
                want(want, into);
                yield "";
            }
        };
    }

    private static void put(NodeId id, Question.Put put, ByteBuffer into) {
        Question.Signed signed = put.signed();
        if (signed != null && signed.cas() != null) {
            integer("3:cas", signed.cas(), into);
        }
        id(ID, id, into);
        if (signed != null) {
            string("1:k", signed.key(), into);
            if (!signed.salt().isEmpty()) {
                string("4:salt", signed.salt(), into);
            }
            integer("3:seq", signed.seq(), into);
            string("3:sig", signed.signature(), into);
        }
        into.put(TOKEN);
        string(put.token(), into);
        text("1:v", into);
        put.value().writeTo(into);
    }

    private static void want(Want want, ByteBuffer into) {
        switch (want) {
            case UNSAID -> {}
            case IPV4 -> text("4:wantl2:n4e", into);
            case IPV6 -> text("4:wantl2:n6e", into);
            case BOTH -> text("4:wantl2:n42:n6e", into);
        }
    }

    private static void answer(KrpcMessage.Answer answer, ByteBuffer into) {
        into.put((byte) 'd');
        yourAddress(answer.yourAddress(), into);
        into.put(RESULTS);
        results(answer.id(), answer.results(), into);
        into.put((byte) 'e');
        end(answer, ANSWER_END, into);
    }

    private static void results(NodeId id, Results results, ByteBuffer into) {
        Results.Filters filters = results.filters();
        if (filters != null) {
            string("4:BFpe", filters.peers(), into);
            string("4:BFsd", filters.seeds(), into);
        }
        id(ID, id, into);
        Results.Samples samples = results.samples();
        if (samples != null) {
            integer("8:interval", samples.intervalSeconds(), into);
        }
        Results.Item item = results.item();
        if (item != null && item.key() != null) {
            string("1:k", item.key(), into);
        }
        nodes(NODES, Family.IPV4, results.nodes(), into);
        nodes(NODES6, Family.IPV6, results.nodes6(), into);
        if (samples != null) {
            samples(samples, into);
        }
        if (item != null) {
            item(item, into);
        }
        if (results.token() != null) {
            into.put(TOKEN);
            string(results.token(), into);
        }
        if (item != null && item.value() != null) {
            text("1:v", into);
            item.value().writeTo(into);
        }
        values(results.values(), into);
    }

    private static void item(Results.Item item, ByteBuffer into) {
        if (item.seq() != null) {
            integer("3:seq", item.seq(), into);
        }
        if (item.signature() != null) {
            string("3:sig", item.signature(), into);
        }
    }

    private static void samples(Results.Samples samples, ByteBuffer into) {
        integer("3:num", samples.total(), into);
        text("7:samples", into);
        length(samples.infoHashes().size() * NodeId.LENGTH, into);
        for (NodeId infoHash : samples.infoHashes()) {
            infoHash.writeTo(into);
        }
    }

    private static void nodes(byte[] key, Family family, @Nullable List<NodeInfo> nodes, ByteBuffer into) {
        if (nodes == null) {
            return;
        }
        into.put(key);
        length(nodes.size() * family.compactNodeLength(), into);
        for (NodeInfo node : nodes) {
            assert Family.of(node.address()) == family : node;
            node.id().writeTo(into);
            compact(node.address(), into);
        }
    }

    private static void values(List<PeerAddress> values, ByteBuffer into) {
        if (values.isEmpty()) {
            return;
        }
        into.put(VALUES);
        for (PeerAddress peer : values) {
            length(Family.of(peer).compactPeerLength(), into);
            compact(peer, into);
        }
        into.put((byte) 'e');
    }

    private static void refusal(KrpcMessage.Refusal refusal, ByteBuffer into) {
        integer("d1:el", refusal.code(), into);
        byte[] text = refusal.text().getBytes(StandardCharsets.UTF_8);
        length(text.length, into);
        into.put(text).put((byte) 'e');
        yourAddress(refusal.yourAddress(), into);
        end(refusal, REFUSAL_END, into);
    }

    private static void yourAddress(@Nullable PeerAddress address, ByteBuffer into) {
        if (address != null) {
            into.put(YOUR_ADDRESS);
            length(Family.of(address).compactPeerLength(), into);
            compact(address, into);
        }
    }

    private static void compact(PeerAddress address, ByteBuffer into) {
        into.put(address.ip().getAddress()).putShort((short) address.port());
    }

    private static void end(KrpcMessage message, byte[] end, ByteBuffer into) {
        into.put(TRANSACTION);
        string(message.transaction(), into);
        Bytes version = message.version();
        if (version != null) {
            into.put(VERSION);
            string(version, into);
        }
        into.put(end);
    }

    private static void id(byte[] key, NodeId id, ByteBuffer into) {
        into.put(key);
        id.writeTo(into);
    }

    private static void flag(String entry, boolean set, ByteBuffer into) {
        if (set) {
            text(entry, into);
        }
    }

    private static void integer(String before, long number, ByteBuffer into) {
        text(before + "i" + number + "e", into);
    }

    private static void string(String key, Bytes content, ByteBuffer into) {
        text(key, into);
        string(content, into);
    }

    private static void string(Bytes content, ByteBuffer into) {
        length(content.length(), into);
        content.writeTo(into);
    }

    /** The length of a string and the colon; no length of a datagram has more than five digits. */
    private static void length(int length, ByteBuffer into) {
        for (int unit = 10_000; unit >= 10; unit /= 10) {
            if (length >= unit) {
                into.put((byte) ('0' + length / unit % 10));
            }
        }
        into.put((byte) ('0' + length % 10)).put((byte) ':');
    }

    private static void text(String text, ByteBuffer into) {
        into.put(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
