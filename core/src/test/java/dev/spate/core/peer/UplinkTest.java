package dev.spate.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which requests of a peer are answered, and how. */
class UplinkTest {
    private static final PieceLayout LAYOUT = new PieceLayout(100L << 20, 1 << 20);

    private static BlockRange block(int number) {
        return LAYOUT.block(number / 64, number % 64);
    }

    private static Uplink unchoked(boolean fast) {
        Uplink uplink = new Uplink(LAYOUT, fast);
        uplink.wantChoke(false);
        drain(uplink);
        return uplink;
    }

    private static List<PeerMessage> drain(Uplink uplink) {
        List<PeerMessage> sent = new ArrayList<>();
        uplink.drain(sent::add);
        return sent;
    }

    @Test
    void answersInOrderOnceEach() {
        Uplink uplink = unchoked(true);
        assertThat(uplink.requested(block(2))).isEqualTo(Heard.REQUESTED);
        assertThat(uplink.requested(block(1))).isEqualTo(Heard.REQUESTED);
        assertThat(uplink.requested(block(2))).isEqualTo(Heard.NOTHING);

        assertThat(uplink.take()).isEqualTo(block(2));
        assertThat(uplink.take()).isEqualTo(block(1));
        assertThat(uplink.take()).isNull();
        assertThat(drain(uplink)).isEmpty();
    }

    @Test
    void aRequestWhileChokedIsRejectedOrIgnored() {
        Uplink fast = new Uplink(LAYOUT, true);
        fast.requested(block(1));
        assertThat(drain(fast)).containsExactly(new PeerMessage.RejectRequest(block(1)));

        Uplink plain = new Uplink(LAYOUT, false);
        plain.requested(block(1));
        assertThat(drain(plain)).isEmpty();
        assertThat(plain.queued()).isZero();
    }

    @Test
    void aChokeTakesAllRequestsBack() {
        Uplink fast = unchoked(true);
        fast.requested(block(1));
        fast.requested(block(2));
        fast.wantChoke(true);
        assertThat(fast.take()).as("nothing goes out once a choke is decided").isNull();
        assertThat(drain(fast))
                .containsExactly(
                        new PeerMessage.Choke(),
                        new PeerMessage.RejectRequest(block(1)),
                        new PeerMessage.RejectRequest(block(2)));
        assertThat(fast.queued()).isZero();

        Uplink plain = unchoked(false);
        plain.requested(block(1));
        plain.wantChoke(true);
        assertThat(drain(plain)).containsExactly(new PeerMessage.Choke());
        assertThat(plain.queued()).isZero();
    }

    @Test
    void aCancelledRequestIsRejectedOrForgotten() {
        Uplink fast = unchoked(true);
        fast.requested(block(1));
        fast.cancelled(block(1));
        fast.cancelled(block(1));
        assertThat(drain(fast)).containsExactly(new PeerMessage.RejectRequest(block(1)));
        assertThat(fast.take()).isNull();

        Uplink plain = unchoked(false);
        plain.requested(block(1));
        plain.cancelled(block(1));
        assertThat(drain(plain)).isEmpty();
        assertThat(plain.take()).isNull();
    }

    @Test
    void theQueueIsBounded() {
        Uplink uplink = unchoked(true);
        for (int i = 0; i < Uplink.MAX_REQUESTS + 10; i++) {
            uplink.requested(block(i));
        }
        assertThat(uplink.queued()).isEqualTo(Uplink.MAX_REQUESTS);
        assertThat(drain(uplink)).hasSize(10).allMatch(sent -> sent instanceof PeerMessage.RejectRequest);
    }

    @Test
    void requestsThatCannotBeAnsweredEndTheConnectionInTheEnd() {
        Uplink uplink = new Uplink(LAYOUT, true);
        Heard heard = Heard.NOTHING;
        int requests = 0;
        while (heard.equals(Heard.NOTHING)) {
            heard = uplink.requested(block(requests++ % 100));
        }
        assertThat(heard).isEqualTo(Heard.ended(Kind.REQUEST_FLOOD));
        assertThat(requests).isEqualTo(Uplink.MAX_REFUSED + 1);
    }

    @Test
    void cancelsWithoutEndAreAFloodToo() {
        Uplink uplink = unchoked(true);
        Heard heard = Heard.NOTHING;
        int cancels = 0;
        while (heard.equals(Heard.NOTHING)) {
            uplink.requested(block(1));
            heard = uplink.cancelled(block(1));
            cancels++;
        }
        assertThat(heard).isEqualTo(Heard.ended(Kind.REQUEST_FLOOD));
        assertThat(cancels).isEqualTo(Uplink.MAX_REFUSED + 1);
    }

    @Test
    void whatIsAnsweredMakesUpForWhatIsNot() {
        Uplink uplink = unchoked(true);
        for (int i = 0; i < 3 * Uplink.MAX_REFUSED; i++) {
            uplink.requested(block(1));
            uplink.requested(block(2));
            assertThat(uplink.cancelled(block(1))).isEqualTo(Heard.NOTHING);
            uplink.take();
        }
    }

    @Test
    void whatWeCannotServeIsNoFaultOfThePeer() {
        Uplink uplink = unchoked(true);
        for (int i = 0; i < 3 * Uplink.MAX_REFUSED; i++) {
            uplink.reject(block(1));
        }
        assertThat(drain(uplink)).hasSize(3 * Uplink.MAX_REFUSED);
        assertThat(uplink.refuse(block(1))).isEqualTo(Heard.NOTHING);
    }

    @Test
    void allowedPiecesAreServedWhileChokedButNotForever() {
        Uplink uplink = new Uplink(LAYOUT, true);
        PieceSet allowed = new PieceSet(LAYOUT.pieces());
        allowed.add(1);
        uplink.allowFast(allowed);
        assertThat(drain(uplink)).containsExactly(new PeerMessage.AllowedFast(1));
        assertThat(drain(uplink)).isEmpty();

        int served = 0;
        for (int i = 0; i < 1000; i++) {
            uplink.requested(LAYOUT.block(1, i % 64));
            served += uplink.take() == null ? 0 : 1;
        }
        assertThat(served).isEqualTo(2 * 64);
        uplink.requested(LAYOUT.block(2, 0));
        assertThat(uplink.take()).isNull();
    }

    @Test
    void allowedPiecesSurviveAChoke() {
        Uplink uplink = unchoked(true);
        PieceSet allowed = new PieceSet(LAYOUT.pieces());
        allowed.add(1);
        uplink.allowFast(allowed);
        drain(uplink);
        uplink.requested(LAYOUT.block(1, 0));
        uplink.requested(LAYOUT.block(2, 0));
        uplink.wantChoke(true);

        assertThat(drain(uplink))
                .containsExactly(new PeerMessage.Choke(), new PeerMessage.RejectRequest(LAYOUT.block(2, 0)));
        assertThat(uplink.take()).isEqualTo(LAYOUT.block(1, 0));
    }
}
