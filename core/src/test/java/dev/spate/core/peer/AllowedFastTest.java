package dev.spate.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllowedFastTest {
    private final PieceLayout layout = new PieceLayout(10 << 14, 1 << 14);
    private final Uplink uplink = new Uplink(layout, true);

    /** A peer that loses interest and finds it again is allowed what we have got since then, and must be told. */
    @Test
    void tellsEveryPieceThatMayBeRequestedOnce() {
        uplink.allowFast(set(3, 7));
        assertThat(drained()).containsExactly(new PeerMessage.AllowedFast(3), new PeerMessage.AllowedFast(7));

        uplink.allowFast(set(2, 3));
        assertThat(drained()).containsExactly(new PeerMessage.AllowedFast(2));
        assertThat(drained()).isEmpty();

        for (int piece : new int[] {2, 3, 7}) {
            assertThat(uplink.requested(layout.block(piece, 0))).isEqualTo(Heard.REQUESTED);
        }
        assertThat(uplink.requested(layout.block(4, 0))).isEqualTo(Heard.NOTHING);
        assertThat(drained()).containsExactly(new PeerMessage.RejectRequest(layout.block(4, 0)));
    }

    private PieceSet set(int... pieces) {
        PieceSet set = new PieceSet(layout.pieces());
        for (int piece : pieces) {
            set.add(piece);
        }
        return set;
    }

    private List<PeerMessage> drained() {
        List<PeerMessage> messages = new ArrayList<>();
        uplink.drain(messages::add);
        return messages;
    }
}
