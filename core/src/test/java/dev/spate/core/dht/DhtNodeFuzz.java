package dev.spate.core.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.Family;
import dev.spate.wire.dht.KrpcMessage;
import dev.spate.wire.dht.NodeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What no neighbours may do to a node: the input is what they say, what time passes, and what is looked for. */
public final class DhtNodeFuzz {
    private DhtNodeFuzz() {}

    private static final int MAX_EFFECTS = 1000;

    public static void fuzzerTestOneInput(byte[] input) {
        new Talk(ByteBuffer.wrap(input)).run();
    }

    private static final class Talk {
        private final ByteBuffer script;
        private final ArrayDeque<DhtEffect.Send> asked = new ArrayDeque<>();
        private long now = 1_000_000_000L;
        private final DhtNode node = new DhtNode(
                DhtSettings.DEFAULTS,
                Set.of(Family.IPV4, Family.IPV6),
                new DhtState(null, null, List.of()),
                new Random(1),
                now);

        Talk(ByteBuffer script) {
            this.script = script;
        }

        void run() {
            settle();
            while (script.remaining() >= 2) {
                int step = script.get();
                int argument = script.get() & 0xff;
                switch (step & 7) {
                    case 0 -> {
                        now += argument * 1_000_000_000L;
                        node.timeout(now);
                    }
                    case 1 -> node.findPeers(id(argument), now);
                    case 2 -> node.nodeFound(address(argument), now);
                    case 3 -> node.announce(id(argument), 6881, argument % 2 == 0, argument % 3 == 0, now);
                    case 4, 5 -> answer(argument);
                    default -> node.received(address(argument), ByteBuffer.wrap(words()), now);
                }
                settle();
            }
        }

        /** One of those who were asked answers, in words of its own. */
        private void answer(int who) {
            DhtEffect.Send to = asked.poll();
            if (to == null || !(to.message() instanceof KrpcMessage.Query query)) {
                return;
            }
            byte[] transaction = query.transaction().toBytes();
            byte[] results = words();
            ByteBuffer datagram = ByteBuffer.allocate(100 + results.length + transaction.length);
            datagram.put(text("d1:rd2:id20:")).put(id(who).toBytes()).put(results);
            datagram.put(text("e1:t" + transaction.length + ":"))
                    .put(transaction)
                    .put(text("1:y1:re"));
            node.received(to.to(), datagram.flip(), now);
        }

        private byte[] words() {
            byte[] words =
                    new byte[Math.min(script.remaining() < 2 ? 0 : script.getShort() & 0x3ff, script.remaining())];
            script.get(words);
            return words;
        }

        private void settle() {
            int effects = 0;
            for (DhtEffect effect = node.poll(); effect != null; effect = node.poll()) {
                assertThat(++effects).isLessThan(MAX_EFFECTS);
                if (effect instanceof DhtEffect.Send send && send.message() instanceof KrpcMessage.Query) {
                    asked.add(send);
                }
            }
            assertThat(node.deadline()).isGreaterThanOrEqualTo(now - 1_000_000_000L);
        }

        private static PeerAddress address(int number) {
            return PeerAddress.of(new byte[] {10, 1, (byte) number, 1}, 6881);
        }

        private static NodeId id(int number) {
            byte[] id = new byte[20];
            id[0] = (byte) number;
            id[19] = (byte) (number * 31);
            return NodeId.of(id);
        }

        private static byte[] text(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
    }
}
