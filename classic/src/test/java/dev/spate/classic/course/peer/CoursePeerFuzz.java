package dev.spate.classic.course.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.classic.course.setup.Common;
import dev.spate.classic.course.setup.PeerLine;
import dev.spate.classic.course.setup.PeerList;
import dev.spate.classic.course.wire.Message;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** One peer of the course among others who keep no rule: the input tells who comes, says what, and goes, and how the time passes. */
public final class CoursePeerFuzz {
    private CoursePeerFuzz() {}

    private static final long SECOND = 1_000_000_000L;
    private static final int PEERS = 5;
    private static final int PIECES = 12;
    private static final int FIRST_ID = 1001;
    private static final int MAX_EFFECTS = 2000;
    private static final int MAX_TIMEOUTS = 20;
    private static final Common COMMON =
            new Common(2, 1, 3, "thefile", new PieceLayout(PIECES * 16_384L - 100, 16_384));
    private static final PeerList LIST = new PeerList(IntStream.range(0, PEERS)
            .mapToObj(i -> new PeerLine(FIRST_ID + i, "h" + i, 6001, i == 0))
            .toList());

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 0) {
            new Course(ByteBuffer.wrap(input)).run();
        }
    }

    /** A connection as the peer's own words have made it. */
    private static final class Tie {
        boolean weChoke = true;
        boolean greeted;
        int requested = CoursePeer.NOTHING;
        int arriving = CoursePeer.NOTHING;
    }

    private static final class Course {
        private final ByteBuffer script;
        private final PieceSet have;
        private final CoursePeer peer;
        private final Map<Integer, Tie> ties = new HashMap<>();
        private long now = 1000 * SECOND;
        private boolean leaving;
        private boolean ended;

        Course(ByteBuffer script) {
            this.script = script;
            int who = script.get();
            PeerLine self = LIST.peers().get(who & 3);
            PeerSettings settings = new PeerSettings((who & 4) != 0, PeerSettings.PATIENCE_NANOS);
            this.have = self.hasFile() ? PieceSet.full(PIECES) : new PieceSet(PIECES);
            this.peer = new CoursePeer(COMMON, LIST, self, have, settings, new SplittableRandom(1), now);
        }

        void run() {
            settle();
            while (script.remaining() >= 3 && !ended) {
                step(script.get(), script.get() & 0xff, script.get() & 0xff);
                settle();
            }
        }

        private void step(int step, int argument, int piece) {
            int link = argument & 15;
            switch (step & 7) {
                case 0 -> now += argument * (step < 0 ? SECOND : SECOND / 50);
                case 1 -> {
                    int made = peer.connected(step < 0 ? CoursePeer.NOTHING : FIRST_ID + argument % PEERS, now);
                    if (made != CoursePeer.NOTHING) {
                        assertThat(ties.put(made, new Tie())).as("link " + made).isNull();
                    }
                }
                case 2 -> {
                    if (ties.containsKey(link)) {
                        peer.handshakeReceived(link, FIRST_ID + piece % (PEERS + 1), now);
                    }
                }
                case 3 -> {
                    if (ties.remove(link) != null) {
                        peer.disconnected(link, now);
                    }
                }
                case 4 -> peer.connectFailed(FIRST_ID + argument % (PEERS + 1), "refused", now);
                case 5 -> content(link, piece % PIECES);
                default -> {
                    if (ties.containsKey(link)) {
                        peer.messageReceived(link, message((step >> 3) & 7, piece), now);
                    }
                }
            }
        }

        private static Message message(int kind, int piece) {
            return switch (kind) {
                case 0 -> new Message.Choke();
                case 1 -> new Message.Unchoke();
                case 2 -> new Message.Interested();
                case 3 -> new Message.NotInterested();
                case 4 -> new Message.Bitfield(piece % 2 == 0 ? PieceSet.full(PIECES) : some(piece));
                case 5 -> new Message.Request(piece % PIECES);
                default -> new Message.Have(piece % PIECES);
            };
        }

        private static PieceSet some(int bits) {
            PieceSet pieces = new PieceSet(PIECES);
            IntStream.range(0, 8).filter(i -> ((bits >> i) & 1) == 1).forEach(pieces::add);
            return pieces;
        }

        /** A piece begins to come, or goes on, or is all here. */
        private void content(int link, int piece) {
            Tie tie = ties.get(link);
            if (tie == null) {
                return;
            }
            if (tie.arriving == CoursePeer.NOTHING) {
                if (peer.pieceArriving(link, piece, now)) {
                    assertThat(piece).as("wanted").isEqualTo(tie.requested);
                    tie.arriving = piece;
                }
            } else if (piece % 3 == 0) {
                peer.bytesArrived(link, now);
            } else {
                int stored = tie.arriving;
                tie.arriving = CoursePeer.NOTHING;
                tie.requested = CoursePeer.NOTHING;
                have.add(stored);
                peer.pieceStored(link, stored, now);
            }
        }

        private void settle() {
            drain();
            for (int timeouts = 0; !ended && peer.deadline() <= now; timeouts++) {
                assertThat(timeouts).as("timeouts at one moment").isLessThan(MAX_TIMEOUTS);
                peer.timeout(now);
                drain();
            }
            assertThat(ties.values().stream().filter(tie -> !tie.weChoke))
                    .as("unchoked")
                    .hasSizeLessThanOrEqualTo(COMMON.preferredNeighbours() + 1);
        }

        private void drain() {
            int effects = 0;
            for (Effect effect = peer.nextEffect(); effect != null; effect = peer.nextEffect()) {
                assertThat(++effects).as("effects at once").isLessThan(MAX_EFFECTS);
                carryOut(effect);
            }
        }

        private void carryOut(Effect effect) {
            assertThat(ended).as("after the end: " + effect).isFalse();
            switch (effect) {
                case Effect.Send(var link, var message) -> says(Objects.requireNonNull(ties.get(link)), message);
                case Effect.UploadReady(var link) -> {
                    for (int piece = peer.nextUpload(link);
                            piece != CoursePeer.NOTHING;
                            piece = peer.nextUpload(link)) {
                        assertThat(have.contains(piece)).as("served from disk").isTrue();
                    }
                }
                case Effect.Close(var link) -> ties.remove(link);
                case Effect.Leave _ -> leaving = true;
                case Effect.End _ -> ended = true;
                case Effect.Dial _, Effect.Greet _, Effect.Log _, Effect.Notice _ -> {}
            }
        }

        private void says(Tie tie, Message message) {
            switch (message) {
                case Message.Bitfield(var pieces) -> {
                    assertThat(tie.greeted)
                            .as("a bitfield comes first and once")
                            .isFalse();
                    assertThat(pieces).isEqualTo(have);
                }
                case Message.Request(var piece) -> {
                    assertThat(have.contains(piece))
                            .as("requested though it is here")
                            .isFalse();
                    assertThat(leaving).isFalse();
                    tie.requested = piece;
                }
                case Message.Have(var piece) -> assertThat(have.contains(piece)).isTrue();
                case Message.Choke _ -> tie.weChoke = true;
                case Message.Unchoke _ -> tie.weChoke = false;
                default -> {}
            }
            tie.greeted = true;
        }
    }
}
