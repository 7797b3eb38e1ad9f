package dev.spate.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.wire.BlockRange;
import dev.spate.wire.peer.PeerMessage;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** When a request is in flight, and when not any more. */
class DownlinkTest {
    private final Talk talk = Talk.openWithAll().ready();

    private List<BlockRange> requested(int blocks) {
        List<BlockRange> requested = talk.request(blocks);
        assertThat(talk.sent())
                .containsExactlyElementsOf(
                        requested.stream().map(PeerMessage.Request::new).toList());
        assertThat(talk.peer.inFlight()).isEqualTo(blocks);
        return requested;
    }

    @Test
    void thereIsNoRoomWhileThePeerChokesUsOrWeWantNothing() {
        Talk choked = Talk.openWithAll();
        choked.peer.wantInterest(true);
        assertThat(choked.peer.room(choked.now)).isZero();

        choked.hear(new PeerMessage.Unchoke());
        assertThat(choked.peer.room(choked.now)).isEqualTo(PipelineLength.FLOOR);
        choked.peer.wantInterest(false);
        assertThat(choked.peer.room(choked.now)).isZero();
    }

    @Test
    void aBlockEndsItsRequest() {
        List<BlockRange> requested = requested(3);

        assertThat(talk.deliver(requested.get(1))).isEqualTo(Heard.EXPECTED);
        assertThat(talk.peer.inFlight()).isEqualTo(2);
        assertThat(talk.peer.isInFlight(requested.get(1))).isFalse();
        assertThat(talk.deliver(requested.get(1))).as("again").isEqualTo(Heard.NOTHING);
    }

    @Test
    void aBlockThatIsDroppedEndsItsRequest() {
        BlockRange block = requested(1).getFirst();
        talk.peer.blockArriving(block, talk.now);
        assertThat(talk.peer.arriving()).isEqualTo(block);
        talk.peer.blockDropped(block);

        assertThat(talk.peer.arriving()).isNull();
        assertThat(talk.peer.inFlight()).isZero();
    }

    @Test
    void aRejectThatAnswersACancelLeavesTheSameRequestMadeAgainAlone() {
        BlockRange block = requested(1).getFirst();
        talk.peer.cancel(block);
        talk.peer.request(block);
        talk.sent();

        assertThat(talk.hear(new PeerMessage.RejectRequest(block))).isEqualTo(Heard.NOTHING);
        assertThat(talk.peer.isInFlight(block)).isTrue();
        assertThat(talk.peer.room(talk.now)).isEqualTo(PipelineLength.FLOOR - 1);
        assertThat(talk.deliver(block)).isEqualTo(Heard.EXPECTED);
    }

    @Test
    void eachCancelOfABlockHasItsOwnReject() {
        BlockRange block = requested(1).getFirst();
        for (int i = 0; i < 3; i++) {
            talk.peer.cancel(block);
            talk.peer.request(block);
            talk.sent();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(talk.hear(new PeerMessage.RejectRequest(block))).isEqualTo(Heard.NOTHING);
        }

        assertThat(talk.hear(new PeerMessage.RejectRequest(block))).isEqualTo(new Heard.Rejected(block));
    }

    @Test
    void onlyAPipelineOfCancelsIsRemembered() {
        BlockRange first = requested(1).getFirst();
        talk.peer.cancel(first);
        for (int i = 0; i < Downlink.MAX_CANCELLED; i++) {
            BlockRange other = new BlockRange(i % 5 + 1, i / 5 * 16_384, 16_384);
            talk.peer.request(other);
            talk.sent();
            talk.peer.cancel(other);
        }
        talk.peer.request(first);
        talk.sent();

        assertThat(talk.hear(new PeerMessage.RejectRequest(first))).isEqualTo(new Heard.Rejected(first));
    }

    @Test
    void aRejectEndsItsRequestAndThePeerIsLeftAloneForASecond() {
        List<BlockRange> requested = requested(2);

        assertThat(talk.hear(new PeerMessage.RejectRequest(requested.get(0))))
                .isEqualTo(new Heard.Rejected(requested.get(0)));
        assertThat(talk.peer.inFlight()).isEqualTo(1);
        assertThat(talk.peer.room(talk.now)).isZero();
        assertThat(talk.peer.deadline()).isEqualTo(talk.now + Talk.SECOND);
        talk.now += Talk.SECOND;
        assertThat(talk.peer.room(talk.now)).isEqualTo(PipelineLength.FLOOR - 1);
    }

    @Test
    void aChokeOfAPlainPeerEndsAllRequests() {
        Talk plain = Talk.openPlain().ready();
        List<BlockRange> requested = plain.request(3);
        plain.sent();

        assertThat(plain.hear(new PeerMessage.Choke())).isEqualTo(new Heard.Choked(requested));
        assertThat(plain.peer.inFlight()).isZero();
        // What was on its way may still come.
        assertThat(plain.peer.blockArriving(requested.get(0), plain.now)).isEqualTo(Heard.EXPECTED);
    }

    @Test
    void aChokeOfAFastPeerEndsOnlyWhatWasNotSent() {
        List<BlockRange> sent = requested(2);
        BlockRange unsent = Talk.LAYOUT.block(9, 0);
        talk.peer.request(unsent);

        assertThat(talk.hear(new PeerMessage.Choke())).isEqualTo(new Heard.Choked(List.of(unsent)));
        assertThat(talk.peer.inFlight()).isEqualTo(2);
        assertThat(talk.deliver(sent.get(0))).isEqualTo(Heard.EXPECTED);
        assertThat(talk.hear(new PeerMessage.RejectRequest(sent.get(1)))).isInstanceOf(Heard.Rejected.class);
        assertThat(talk.peer.inFlight()).isZero();
    }

    @Test
    void aCancelEndsItsRequestAndALateBlockIsHarmless() {
        List<BlockRange> requested = requested(2);
        assertThat(talk.peer.cancel(requested.get(0))).isFalse();

        assertThat(talk.sent()).containsExactly(new PeerMessage.Cancel(requested.get(0)));
        assertThat(talk.peer.inFlight()).isEqualTo(1);
        assertThat(talk.deliver(requested.get(0))).isEqualTo(Heard.EXPECTED);
        assertThat(talk.peer.isOpen()).isTrue();
    }

    @Test
    void aRequestThatWasNotSentIsCancelledWithoutAWord() {
        BlockRange block = Talk.LAYOUT.block(0, 0);
        talk.peer.request(block);
        talk.peer.cancel(block);

        assertThat(talk.sent()).isEmpty();
    }

    @Test
    void theBlockThatArrivesIsNotTakenBack() {
        BlockRange block = requested(1).getFirst();
        talk.peer.blockArriving(block, talk.now);

        assertThat(talk.peer.cancel(block)).isTrue();
        assertThat(talk.sent()).isEmpty();
        assertThat(talk.peer.inFlight()).isZero();
    }

    @Test
    void twentySecondsWithoutPayloadAreASnub() {
        List<BlockRange> requested = requested(4);
        assertThat(talk.peer.deadline()).isEqualTo(talk.now + 20 * Talk.SECOND);
        talk.now += 20 * Talk.SECOND;

        assertThat(talk.peer.timeout(talk.now)).isEqualTo(new Heard.TimedOut(requested.subList(1, 4), null));
        assertThat(talk.peer.snubbed()).isTrue();
        assertThat(talk.peer.inFlight()).isEqualTo(1);
        assertThat(talk.peer.pipelineLength()).isEqualTo(1);
        assertThat(talk.sent()).hasSize(3).allMatch(message -> message instanceof PeerMessage.Cancel);
    }

    @Test
    void sixtySecondsWithoutPayloadEndTheLastRequestToo() {
        List<BlockRange> requested = requested(1);
        talk.now += 20 * Talk.SECOND;
        talk.peer.timeout(talk.now);
        talk.now += 40 * Talk.SECOND;

        assertThat(talk.peer.timeout(talk.now)).isEqualTo(new Heard.TimedOut(requested, null));
        assertThat(talk.peer.inFlight()).isZero();
    }

    @Test
    void slowPayloadIsNoSnub() {
        List<BlockRange> requested = requested(4);
        talk.peer.blockArriving(requested.get(0), talk.now);
        for (int i = 0; i < 9; i++) {
            talk.now += 5 * Talk.SECOND;
            talk.peer.payloadReceived(100, talk.now);
            assertThat(talk.peer.timeout(talk.now)).isEqualTo(Heard.NOTHING);
        }
        assertThat(talk.peer.snubbed()).isFalse();
    }

    @Test
    void aBlockThatStopsHalfwayTimesOutWithTheRest() {
        List<BlockRange> requested = requested(2);
        talk.peer.blockArriving(requested.get(0), talk.now);
        talk.peer.payloadReceived(100, talk.now);
        talk.now += 60 * Talk.SECOND;

        assertThat(talk.peer.timeout(talk.now)).isEqualTo(new Heard.TimedOut(requested, requested.get(0)));
        assertThat(talk.peer.arriving()).isNull();
        assertThat(talk.sent()).containsExactly(new PeerMessage.Cancel(requested.get(1)));
    }

    @Test
    void aRequestThatLaterOnesOvertakeTimesOutAlone() {
        List<BlockRange> requested = requested(4);
        for (int i = 1; i < 4; i++) {
            talk.now += 19 * Talk.SECOND;
            talk.deliver(requested.get(i));
            assertThat(talk.peer.timeout(talk.now)).isEqualTo(Heard.NOTHING);
        }
        talk.request(1);
        talk.sent();
        talk.now += 4 * Talk.SECOND;

        assertThat(talk.peer.timeout(talk.now)).isEqualTo(new Heard.TimedOut(List.of(requested.get(0)), null));
        assertThat(talk.peer.snubbed()).isFalse();
    }

    @Test
    void onlyAllowedPiecesMayBeRequestedWhileChoked() {
        Talk choked = Talk.openWithAll();
        choked.peer.wantInterest(true);
        assertThat(choked.hear(new PeerMessage.AllowedFast(3))).isEqualTo(new Heard.AllowedFast(3));

        assertThat(choked.peer.room(choked.now)).isPositive();
        assertThat(choked.peer.mayRequest(3)).isTrue();
        assertThat(choked.peer.mayRequest(4)).isFalse();
        // Rejected, it is not asked for again.
        BlockRange block = Talk.LAYOUT.block(3, 0);
        choked.peer.request(block);
        choked.sent();
        choked.hear(new PeerMessage.RejectRequest(block));
        assertThat(choked.peer.mayRequest(3)).isFalse();
    }

    @Test
    void answersThatNobodyAskedForEndTheConnectionInTheEnd() {
        Heard heard = Heard.NOTHING;
        int strays = 0;
        while (heard.equals(Heard.NOTHING)) {
            heard = talk.deliver(Talk.LAYOUT.block(strays % 10, 0));
            strays++;
        }
        assertThat(heard).isEqualTo(Heard.ended(Kind.UNREQUESTED));
        assertThat(strays).isEqualTo(Downlink.MAX_STRAYS + 1);
    }

    @Test
    void blocksOutOfRangeEndTheConnectionAtOnce() {
        assertThat(talk.deliver(new BlockRange(Talk.LAYOUT.pieces(), 0, 10)))
                .isInstanceOfSatisfying(
                        Heard.Ended.class,
                        ended -> assertThat(ended.reason().kind()).isEqualTo(Kind.PIECE_OUT_OF_RANGE));
        Talk other = Talk.openWithAll().ready();
        assertThat(other.deliver(new BlockRange(0, 65536 - 5, 10)))
                .isInstanceOfSatisfying(
                        Heard.Ended.class,
                        ended -> assertThat(ended.reason().kind()).isEqualTo(Kind.BLOCK_OUT_OF_RANGE));
    }

    @Test
    void rememberedAllowedPiecesAreBounded() {
        Downlink downlink = new Downlink(10_000, 0);
        for (int piece = 0; piece < 1000; piece++) {
            downlink.allowed(piece);
        }
        assertThat(Objects.requireNonNull(downlink.allowedFast()).count()).isEqualTo(Downlink.MAX_ALLOWED_FAST);
    }

    @Test
    void remembersTheLatestSuggestionsOnly() {
        Downlink downlink = new Downlink(10_000, 0);
        for (int piece = 0; piece < 100; piece++) {
            downlink.suggested(piece);
        }
        downlink.suggested(90);
        assertThat(downlink.suggested())
                .hasSize(Downlink.MAX_SUGGESTED)
                .startsWith(90, 99, 98)
                .doesNotHaveDuplicates();
    }
}
