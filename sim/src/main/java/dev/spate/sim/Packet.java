package dev.spate.sim;

import dev.spate.wire.BlockRange;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import java.util.List;

/** What travels through a connection in one go. */
sealed interface Packet {

    /** What it takes on the line. */
    int bytes();

    /** The beginning of a connection. */
    record Greeting(Handshake handshake) implements Packet {
        @Override
        public int bytes() {
            return Handshake.LENGTH;
        }
    }

    /** Messages, in order. */
    record Words(List<PeerMessage> messages, int bytes) implements Packet {}

    /**
     * A block. Its payload is never there: a mark stands for it, which is {@link Marks#good} where the data is.
     */
    record Data(BlockRange block, long mark) implements Packet {
        /** BEP 3: length prefix, type, index and begin go before the payload. */
        private static final int HEADER = 13;

        @Override
        public int bytes() {
            return HEADER + block.length();
        }
    }
}
