package dev.spate.core.dht;

import dev.spate.wire.Decoding;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.bencode.BencodeDecoder;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeDictionaryBuilder;
import dev.spate.wire.bencode.BencodeEncoder;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.bencode.BencodeValue;
import dev.spate.wire.bencode.Strictness;
import dev.spate.wire.dht.Family;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.NodeInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a node keeps from one run to the next, so that it finds its way back and is found where it was.
 *
 * @param ipv4Id its id in the DHT of IPv4; null if it had none
 * @param ipv6Id its id in the DHT of IPv6; null if it had none
 * @param nodes those of its tables, of both families
 */
public record DhtState(@Nullable NodeId ipv4Id, @Nullable NodeId ipv6Id, List<NodeInfo> nodes) {

    /** That of a node which has never run. */
    public static final DhtState NEW = new DhtState(null, null, List.of());

    /** More nodes than any table has are not read. */
    public static final int MAX_NODES = 4096;

    public DhtState {
        nodes = List.copyOf(nodes);
    }

    Optional<NodeId> id(Family family) {
        return Optional.ofNullable(family == Family.IPV4 ? ipv4Id : ipv6Id);
    }

    /** As a bencoded dictionary: {@code id4}, {@code id6}, and in {@code nodes4} and {@code nodes6} compact nodes (BEP 5). */
    public byte[] encode() {
        BencodeDictionaryBuilder state = BencodeDictionary.builder();
        if (ipv4Id != null) {
            state.put("id4", ipv4Id.toBytes());
        }
        if (ipv6Id != null) {
            state.put("id6", ipv6Id.toBytes());
        }
        state.put("nodes4", compact(Family.IPV4));
        state.put("nodes6", compact(Family.IPV6));
        return BencodeEncoder.encode(state.build());
    }

    private byte[] compact(Family family) {
        List<NodeInfo> some = nodes.stream()
                .filter(node -> Family.of(node.address()) == family)
                .limit(MAX_NODES / 2)
                .toList();
        ByteBuffer compact = ByteBuffer.allocate(some.size() * family.compactNodeLength());
        for (NodeInfo node : some) {
            node.id().writeTo(compact);
            compact.put(node.address().ip().getAddress())
                    .putShort((short) node.address().port());
        }
        return compact.array();
    }

    /**
     * Reads what {@link #encode} has written.
     *
     * @return {@code Decoded} or {@code Malformed}; what is missing is taken as never known
     */
    public static Decoding<DhtState> decode(byte[] bytes) {
        return switch (BencodeDecoder.decode(bytes, Strictness.STRICT)) {
            case Decoding.Decoded<BencodeValue>(BencodeDictionary state) -> {
                List<NodeInfo> nodes = new ArrayList<>();
                read(state, "nodes4", Family.IPV4, nodes);
                read(state, "nodes6", Family.IPV6, nodes);
                yield new Decoding.Decoded<>(new DhtState(id(state, "id4"), id(state, "id6"), nodes));
            }
            case Decoding.Decoded<BencodeValue> _ -> new Decoding.Malformed<>(0, "not a dictionary");
            case Decoding.Malformed<BencodeValue> malformed -> malformed.as();
            case Decoding.NeedMore<BencodeValue> _ -> new Decoding.Malformed<>(bytes.length, "cut off");
        };
    }

    private static @Nullable NodeId id(BencodeDictionary state, String key) {
        return state.string(key)
                .filter(id -> id.length() == NodeId.LENGTH)
                .map(BencodeString::bytes)
                .map(NodeId::of)
                .orElse(null);
    }

    private static void read(BencodeDictionary state, String key, Family family, List<NodeInfo> into) {
        byte[] compact = state.bytes(key).orElse(new byte[0]);
        int length = family.compactNodeLength();
        int end = Math.min(compact.length, MAX_NODES / 2 * length);
        for (int at = 0; at + length <= end; at += length) {
            NodeId id = NodeId.of(Arrays.copyOfRange(compact, at, at + NodeId.LENGTH));
            byte[] ip = Arrays.copyOfRange(compact, at + NodeId.LENGTH, at + length - Short.BYTES);
            PeerAddress address =
                    PeerAddress.of(ip, ByteBuffer.wrap(compact).getShort(at + length - Short.BYTES) & 0xffff);
            if (Family.of(address) == family) {
                into.add(new NodeInfo(id, address));
            }
        }
    }
}
