package dev.spate.wire.dht;

import dev.spate.wire.PeerAddress;
import org.jspecify.annotations.Nullable;

/** A datagram between two nodes (BEP 5, "KRPC protocol"). */
public sealed interface KrpcMessage {

    /** Chosen by who asks, and repeated by who answers; 0 to {@link KrpcDecoder#MAX_TRANSACTION} bytes. */
    Bytes transaction();

    /** The client and its version, mostly four bytes (BEP 5, key {@code v}); null if not said. */
    @Nullable
    Bytes version();

    /**
     * A question.
     *
     * @param id of the node that asks
     * @param readOnly whether that node answers nobody and belongs in no table (BEP 43)
     */
    record Query(
            Bytes transaction,
            NodeId id,
            Question question,
            boolean readOnly,
            @Nullable Bytes version) implements KrpcMessage {}

    /**
     * An answer.
     *
     * @param id of the node that answers
     * @param yourAddress where the node sees who asked (BEP 42, key {@code ip}); null if not said; port 0 if only the IP is
     */
    record Answer(
            Bytes transaction,
            NodeId id,
            Results results,
            @Nullable PeerAddress yourAddress,
            @Nullable Bytes version) implements KrpcMessage {}

    /**
     * A refusal.
     *
     * @param code one of {@link KrpcError}'s, or any other number
     * @param text for people; cleaned of control characters
     * @param yourAddress as in an answer
     */
    record Refusal(
            Bytes transaction,
            long code,
            String text,
            @Nullable PeerAddress yourAddress,
            @Nullable Bytes version) implements KrpcMessage {}
}
