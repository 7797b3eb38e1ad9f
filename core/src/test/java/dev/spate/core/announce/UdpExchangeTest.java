package dev.spate.core.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.tracker.AddressFamily;
import dev.spate.wire.tracker.AnnounceAnswer;
import dev.spate.wire.tracker.AnnounceEvent;
import dev.spate.wire.tracker.AnnounceRefusal;
import dev.spate.wire.tracker.AnnounceRequest;
import dev.spate.wire.tracker.ScrapeAnswer;
import dev.spate.wire.tracker.ScrapeResults;
import dev.spate.wire.tracker.UdpAnswer;
import dev.spate.wire.tracker.UdpRequest;
import dev.spate.wire.tracker.UdpTrackerCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Times are seconds, as in the examples of BEP 15. */
class UdpExchangeTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String URL = "udp://tracker.example:80/announce?key=1";
    private static final AnnounceRequest REQUEST = new AnnounceRequest(
            digest(1), PeerId.of(new byte[PeerId.LENGTH]), 6881, 1, 2, 3, AnnounceEvent.STARTED, 50, 7);
    private static final AnnounceAnswer ANSWER = new AnnounceAnswer(
            Duration.ofMinutes(30),
            new ScrapeAnswer(5, 6, null),
            List.of(PeerAddress.of(new byte[] {10, 0, 0, 1}, 6881)));

    private AddressFamily family = AddressFamily.IPV4;
    private UdpExchange exchange = new UdpExchange(UdpExchange.MAX_TRIES, new SplittableRandom(3));
    private long now = 0;

    /** BEP 15, "normal announce". */
    @Test
    void connectsThenAnnounces() {
        int request = exchange.announce(REQUEST, URL, at(0));
        UdpRequest.Connect connect = connectSent();
        at(1);
        reply(new UdpAnswer.Connected(connect.transaction(), 77));
        UdpRequest.Announce announce = announceSent();
        assertThat(announce.connection()).isEqualTo(77);
        assertThat(announce.announce()).isEqualTo(REQUEST);
        assertThat(announce.urlData()).isEqualTo("/announce?key=1");
        at(3);
        reply(new UdpAnswer.Announced(announce.transaction(), ANSWER));
        assertThat(exchange.pollOutcome()).isEqualTo(new UdpOutcome.Announced(request, ANSWER));
        assertThat(exchange.isIdle()).isTrue();
        assertThat(exchange.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    /** BEP 15, "connect times out"; and at the end, after 15 x (2^9 - 1) seconds, silence. */
    @Test
    void repeatsTheConnectRequest() {
        int request = exchange.announce(REQUEST, URL, at(0));
        for (long second : new long[] {0, 15, 45, 105, 225, 465, 945, 1905, 3825}) {
            toDeadline(second);
            connectSent();
            nothingSent();
        }
        toDeadline(7665);
        nothingSent();
        assertThat(exchange.pollOutcome()).isEqualTo(new UdpOutcome.Silent(request));
        assertThat(exchange.isIdle()).isTrue();
        assertThat(exchange.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    /** BEP 15, "announce times out". */
    @Test
    void repeatsTheAnnounceAndConnectsAgainWhenTheIdHasExpired() {
        exchange.announce(REQUEST, URL, at(0));
        UdpRequest.Connect connect = connectSent();
        at(2);
        reply(new UdpAnswer.Connected(connect.transaction(), 77));
        int transaction = announceSent().transaction();
        toDeadline(17);
        assertThat(announceSent().transaction()).isEqualTo(transaction);
        toDeadline(47);
        announceSent();
        toDeadline(107);
        connectSent();
        toDeadline(227);
        UdpRequest.Connect again = connectSent();
        at(228);
        reply(new UdpAnswer.Connected(again.transaction(), 78));
        assertThat(announceSent().connection()).isEqualTo(78);
        toDeadline(228 + 240);
        connectSent();
    }

    /** BEP 15, "multiple requests". */
    @Test
    void usesOneConnectionForAMinute() {
        exchange.announce(REQUEST, URL, at(0));
        UdpRequest.Connect connect = connectSent();
        at(1);
        reply(new UdpAnswer.Connected(connect.transaction(), 77));
        reply(new UdpAnswer.Announced(announceSent().transaction(), ANSWER));
        at(4);
        exchange.announce(REQUEST, URL, now);
        reply(new UdpAnswer.Announced(announceSent().transaction(), ANSWER));
        at(60);
        exchange.announce(REQUEST, URL, now);
        reply(new UdpAnswer.Announced(announceSent().transaction(), ANSWER));
        at(62);
        exchange.announce(REQUEST, URL, now);
        exchange.scrape(List.of(digest(1)), now);
        UdpRequest.Connect again = connectSent();
        nothingSent();
        at(63);
        reply(new UdpAnswer.Connected(again.transaction(), 78));
        assertThat(sent()).isInstanceOf(UdpRequest.Announce.class);
        assertThat(sent()).isInstanceOf(UdpRequest.Scrape.class);
        nothingSent();
    }

    @Test
    void scrapesInTheOrderOfTheRequest() {
        int request = exchange.scrape(List.of(digest(9), digest(1), digest(5)), at(0));
        reply(new UdpAnswer.Connected(connectSent().transaction(), 77));
        UdpRequest.Scrape scrape = (UdpRequest.Scrape) sent();
        ScrapeAnswer first = new ScrapeAnswer(1, 2, 3);
        ScrapeAnswer second = new ScrapeAnswer(4, 5, 6);
        reply(new UdpAnswer.Scraped(scrape.transaction(), List.of(first, second)));
        UdpOutcome outcome = exchange.pollOutcome();
        assertThat(outcome).isInstanceOfSatisfying(UdpOutcome.Scraped.class, scraped -> {
            assertThat(scraped.request()).isEqualTo(request);
            assertThat(scraped.outcome())
                    .isInstanceOfSatisfying(
                            ScrapeResults.class,
                            results -> assertThat(results.swarms())
                                    .containsEntry(digest(9), first)
                                    .containsEntry(digest(1), second)
                                    .hasSize(2));
        });
    }

    @Test
    void tellsARefusal() {
        int request = exchange.announce(REQUEST, URL, at(0));
        reply(new UdpAnswer.Connected(connectSent().transaction(), 77));
        AnnounceRefusal refusal = new AnnounceRefusal("no such torrent");
        reply(new UdpAnswer.Refused(announceSent().transaction(), refusal));
        assertThat(exchange.pollOutcome()).isEqualTo(new UdpOutcome.Announced(request, refusal));
        assertThat(exchange.pollOutcome()).isNull();
    }

    @Test
    void tellsEveryoneWhenTheConnectionIsRefused() {
        int announce = exchange.announce(REQUEST, URL, at(0));
        int scrape = exchange.scrape(List.of(digest(1)), now);
        AnnounceRefusal refusal = new AnnounceRefusal("go away");
        reply(new UdpAnswer.Refused(connectSent().transaction(), refusal));
        assertThat(exchange.pollOutcome()).isEqualTo(new UdpOutcome.Announced(announce, refusal));
        assertThat(exchange.pollOutcome()).isEqualTo(new UdpOutcome.Scraped(scrape, refusal));
        assertThat(exchange.isIdle()).isTrue();
    }

    /** A tracker that was restarted does not know the ids that it gave. */
    @Test
    void triesOnceMoreWithANewIdWhenAnOldOneIsRefused() {
        exchange.announce(REQUEST, URL, at(0));
        reply(new UdpAnswer.Connected(connectSent().transaction(), 77));
        reply(new UdpAnswer.Announced(announceSent().transaction(), ANSWER));
        exchange.pollOutcome();
        at(10);
        int request = exchange.announce(REQUEST, URL, now);
        AnnounceRefusal refusal = new AnnounceRefusal("connection id mismatch");
        reply(new UdpAnswer.Refused(announceSent().transaction(), refusal));
        assertThat(exchange.pollOutcome()).isNull();
        reply(new UdpAnswer.Connected(connectSent().transaction(), 78));
        UdpRequest.Announce again = announceSent();
        assertThat(again.connection()).isEqualTo(78);
        reply(new UdpAnswer.Refused(again.transaction(), refusal));
        assertThat(exchange.pollOutcome()).isEqualTo(new UdpOutcome.Announced(request, refusal));
    }

    @Test
    void passesOverWhatItDidNotAskFor() {
        exchange.announce(REQUEST, URL, at(0));
        UdpRequest.Connect connect = connectSent();
        reply(new UdpAnswer.Connected(connect.transaction() + 1, 66));
        reply(new UdpAnswer.Announced(connect.transaction(), ANSWER));
        exchange.received(ByteBuffer.allocate(3), family, now);
        exchange.received(ByteBuffer.allocate(100), family, now);
        nothingSent();
        reply(new UdpAnswer.Connected(connect.transaction(), 77));
        UdpRequest.Announce announce = announceSent();
        reply(new UdpAnswer.Connected(connect.transaction(), 78)); // twice
        reply(new UdpAnswer.Scraped(announce.transaction(), List.of()));
        reply(new UdpAnswer.Announced(announce.transaction() + 1, ANSWER));
        reply(new UdpAnswer.Refused(announce.transaction() + 1, new AnnounceRefusal("x")));
        assertThat(exchange.pollOutcome()).isNull();
        nothingSent();
        reply(new UdpAnswer.Announced(announce.transaction(), ANSWER));
        assertThat(exchange.pollOutcome()).isNotNull();
        reply(new UdpAnswer.Announced(announce.transaction(), ANSWER));
        assertThat(exchange.pollOutcome()).isNull();
    }

    @Test
    void forgetsWhatIsCancelled() {
        int request = exchange.announce(REQUEST, URL, at(0));
        UdpRequest.Connect connect = connectSent();
        exchange.cancel(request);
        assertThat(exchange.deadline()).isEqualTo(Long.MAX_VALUE);
        reply(new UdpAnswer.Connected(connect.transaction(), 77));
        nothingSent();
        assertThat(exchange.pollOutcome()).isNull();
    }

    @Test
    void givesUpAfterAsManyTriesAsItWasTold() {
        family = AddressFamily.IPV6;
        exchange = new UdpExchange(2, new SplittableRandom(3));
        exchange.announce(REQUEST, URL, at(0));
        reply(new UdpAnswer.Connected(connectSent().transaction(), 77));
        announceSent();
        toDeadline(15);
        announceSent();
        // One that comes later has tries of its own.
        int second = exchange.announce(REQUEST, URL, at(20));
        announceSent();
        toDeadline(35);
        announceSent();
        toDeadline(45);
        assertThat(exchange.pollOutcome()).isInstanceOf(UdpOutcome.Silent.class);
        toDeadline(65);
        assertThat(exchange.pollOutcome()).isEqualTo(new UdpOutcome.Silent(second));
    }

    @Test
    void keepsNoMoreRequestsThanItsBound() {
        for (int i = 0; i < UdpExchange.MAX_REQUESTS; i++) {
            exchange.announce(REQUEST, URL, at(0));
        }
        assertThat(exchange.pollOutcome()).isNull();
        int tooMany = exchange.announce(REQUEST, URL, now);
        assertThat(exchange.pollOutcome())
                .isInstanceOfSatisfying(
                        UdpOutcome.Announced.class,
                        announced -> assertThat(announced.request()).isEqualTo(tooMany));
        reply(new UdpAnswer.Connected(connectSent().transaction(), 1));
        List<Integer> transactions = new ArrayList<>();
        for (int i = 0; i < UdpExchange.MAX_REQUESTS; i++) {
            transactions.add(announceSent().transaction());
        }
        nothingSent();
        assertThat(transactions).doesNotHaveDuplicates();
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> new UdpExchange(0, new SplittableRandom()));
        assertThatIllegalArgumentException().isThrownBy(() -> new UdpExchange(10, new SplittableRandom()));
        assertThatIllegalArgumentException().isThrownBy(() -> exchange.scrape(List.of(), 0));
    }

    private static Digest digest(int first) {
        byte[] bytes = new byte[Digest.SHA1_LENGTH];
        bytes[0] = (byte) first;
        return Digest.of(bytes);
    }

    private long at(long second) {
        now = second * SECOND;
        exchange.timeout(now);
        return now;
    }

    private void toDeadline(long second) {
        if (second > 0) {
            assertThat(exchange.deadline()).isEqualTo(second * SECOND);
        }
        exchange.timeout(second * SECOND - 1);
        nothingSentBefore(second);
        at(second);
    }

    private void nothingSentBefore(long second) {
        if (second > 0) {
            nothingSent();
        }
    }

    private void reply(UdpAnswer answer) {
        ByteBuffer datagram = ByteBuffer.allocate(2000);
        UdpTrackerCodec.encode(answer, AddressFamily.IPV4, datagram);
        exchange.received(datagram.flip(), family, now);
    }

    private UdpRequest sent() {
        ByteBuffer datagram = ByteBuffer.allocate(2000);
        assertThat(exchange.poll(datagram)).isTrue();
        if (UdpTrackerCodec.decodeRequest(datagram.flip()) instanceof Decoding.Decoded<UdpRequest> decoded) {
            return decoded.value();
        }
        throw new AssertionError("not a request");
    }

    private UdpRequest.Connect connectSent() {
        return (UdpRequest.Connect) sent();
    }

    private UdpRequest.Announce announceSent() {
        return (UdpRequest.Announce) sent();
    }

    private void nothingSent() {
        assertThat(exchange.poll(ByteBuffer.allocate(2000))).isFalse();
    }
}
