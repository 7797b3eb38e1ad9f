package dev.spate.sim;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The watchman is watched: a rule that is broken is noticed. */
class DealingsTest {
    private final PieceLayout layout = new PieceLayout(8 << 14, 2 << 14);
    private final Disk disk = new Disk("host", layout, DiskOptions.GOOD, new PieceSet(layout.pieces()));
    private final Dealings dealings = new Dealings("host");

    @Test
    void noticesARequestToAPeerThatChokesUs() {
        broken(() -> says(new PeerMessage.Request(layout.block(0, 0))));
        dealings.hears(new PeerMessage.AllowedFast(1));
        fine(() -> says(new PeerMessage.Request(layout.block(1, 0))));
        dealings.hears(new PeerMessage.Unchoke());
        fine(() -> says(new PeerMessage.Request(layout.block(0, 0))));
        broken(() -> says(new PeerMessage.Request(layout.block(0, 0))));
    }

    @Test
    void noticesARequestForWhatIsNoBlockOrIsHere() {
        dealings.hears(new PeerMessage.Unchoke());
        broken(() -> says(new PeerMessage.Request(new BlockRange(0, 1, 100))));
        disk.pieces().add(2);
        broken(() -> says(new PeerMessage.Request(layout.block(2, 0))));
    }

    @Test
    void aRejectAnswersTheCancelAndNotTheRequestAfterIt() {
        dealings.hears(new PeerMessage.Unchoke());
        says(new PeerMessage.Request(layout.block(0, 0)));
        says(new PeerMessage.Cancel(layout.block(0, 0)));
        says(new PeerMessage.Request(layout.block(0, 0)));
        dealings.hears(new PeerMessage.RejectRequest(layout.block(0, 0)));
        fine(() -> says(new PeerMessage.Cancel(layout.block(0, 0))));
        broken(() -> says(new PeerMessage.Cancel(layout.block(0, 0))));
    }

    @Test
    void noticesABlockSentToAPeerThatWeChoke() {
        disk.pieces().addAll();
        dealings.hears(new PeerMessage.Request(layout.block(0, 0)));
        broken(() -> dealings.sends(layout.block(0, 0), disk));
        dealings.hears(new PeerMessage.Request(layout.block(0, 0)));
        says(new PeerMessage.Unchoke());
        fine(() -> dealings.sends(layout.block(0, 0), disk));
    }

    @Test
    void noticesABlockThatNobodyAskedForOrThatIsNotHere() {
        says(new PeerMessage.Unchoke());
        broken(() -> dealings.sends(layout.block(0, 0), disk));
        disk.pieces().addAll();
        broken(() -> dealings.sends(layout.block(0, 0), disk));
    }

    @Test
    void noticesWhatIsSaidTwiceOrUntrue() {
        broken(() -> says(new PeerMessage.Choke()));
        says(new PeerMessage.Unchoke());
        broken(() -> says(new PeerMessage.Unchoke()));
        broken(() -> says(new PeerMessage.Have(1)));
        broken(() -> says(new PeerMessage.HaveAll()));
        PieceSet one = new PieceSet(layout.pieces());
        fine(() -> says(new PeerMessage.Bitfield(one.copy())));
        one.add(1);
        broken(() -> says(new PeerMessage.Bitfield(one)));
        broken(() -> says(new PeerMessage.RejectRequest(layout.block(0, 0))));
        broken(() -> says(new PeerMessage.Cancel(layout.block(0, 0))));
    }

    @Test
    void noticesAPieceBegunTwiceStoredTwiceOrWrittenBad() {
        disk.tryOpen(0);
        broken(() -> disk.tryOpen(0));
        disk.store(layout.block(0, 0), Marks.good(layout.block(0, 0)));
        broken(() -> disk.store(layout.block(0, 0), Marks.good(layout.block(0, 0))));
        disk.store(layout.block(0, 1), Marks.bad(layout.block(0, 1), 3));
        broken(() -> disk.write(0));
        fine(() -> disk.free(0));
        broken(() -> disk.free(0));
        broken(() -> disk.store(layout.block(0, 0), 1));
    }

    private void says(PeerMessage message) {
        dealings.says(message, layout, disk);
    }

    private static void broken(ThrowingCallable step) {
        assertThatExceptionOfType(InvariantBroken.class).isThrownBy(step);
    }

    private static void fine(ThrowingCallable step) {
        assertThatNoException().isThrownBy(step);
    }
}
