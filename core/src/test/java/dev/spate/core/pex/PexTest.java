package dev.spate.core.pex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.peer.PeerExchange;
import dev.spate.wire.peer.PeerExchange.Contact;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PexTest {
    private static final InetAddress PUBLIC = InetAddress.ofLiteral("8.8.8.8");
    private static final long START = 1_000;

    private final PeerAddress self = address(999);
    private final PexNews news = new PexNews(START);
    private final PexFilter filter = new PexFilter();

    @Test
    void tellsOnlyWhatChanged() {
        assertThat(news.next(contacts(1, 2), self, START)).contains(new PeerExchange(contacts(1, 2), List.of()));
        assertThat(news.next(contacts(2, 3), self, START + PexNews.INTERVAL))
                .contains(new PeerExchange(contacts(3), List.of(address(1))));
        assertThat(news.next(contacts(2, 3), self, START + 2 * PexNews.INTERVAL))
                .isEmpty();
    }

    @Test
    void speaksOnceAMinute() {
        assertThat(news.next(contacts(1), self, START)).isPresent();

        assertThat(news.deadline()).isEqualTo(START + PexNews.INTERVAL);
        assertThat(news.next(contacts(1, 2), self, news.deadline() - 1)).isEmpty();
        assertThat(news.next(contacts(1, 2), self, news.deadline())).isPresent();
    }

    @Test
    void tellsNobodyOfItself() {
        assertThat(news.next(List.of(new Contact(self, 0)), self, START)).isEmpty();
    }

    @Test
    void aMessageHasABound() {
        List<Contact> many = contacts(IntStream.range(0, 120).toArray());
        PeerExchange first = news.next(many, self, START).orElseThrow();
        PeerExchange second = news.next(many, self, START + PexNews.INTERVAL).orElseThrow();
        PeerExchange third =
                news.next(List.of(), self, START + 2 * PexNews.INTERVAL).orElseThrow();

        assertThat(first.added()).hasSize(PexNews.MAX_NEWS);
        assertThat(second.added()).hasSize(PexNews.MAX_NEWS).doesNotContainAnyElementsOf(first.added());
        assertThat(third.dropped()).hasSize(PexNews.MAX_NEWS);
    }

    @Test
    void whatOnePeerRemembersHasABound() {
        List<Contact> many = contacts(IntStream.range(0, PexNews.MAX_TOLD + 100).toArray());
        int told = 0;
        for (int minute = 0; minute < 20; minute++) {
            told += news.next(many, self, START + minute * PexNews.INTERVAL)
                    .map(exchange -> exchange.added().size())
                    .orElse(0);
        }

        assertThat(told).isEqualTo(PexNews.MAX_TOLD);
    }

    @Test
    void hearsOnceAMinute() {
        assertThat(filter.accept(exchange(1), PUBLIC, START)).hasSize(1);
        assertThat(filter.accept(exchange(1), PUBLIC, START))
                .as("a second one soon")
                .hasSize(1);
        assertThat(filter.accept(exchange(1), PUBLIC, START + 1)).isEmpty();
        assertThat(filter.accept(exchange(1), PUBLIC, START + PexFilter.INTERVAL))
                .hasSize(1);
    }

    @Test
    void hearsABoundedNumber() {
        PeerExchange many = exchange(PeerExchange.MAX_CONTACTS);

        assertThat(filter.accept(many, PUBLIC, START)).hasSize(PexFilter.MAX_FIRST);
        assertThat(filter.accept(many, PUBLIC, START)).hasSize(PexFilter.MAX_LATER);
    }

    @Test
    void privateAddressesCountOnlyFromTheirOwnKind() {
        PeerExchange mixed =
                named("8.8.4.4", "192.168.1.1", "10.0.0.1", "127.0.0.1", "100.64.0.1", "fd00::1", "fe80::1");

        assertThat(filter.accept(mixed, PUBLIC, START)).containsExactly(new PeerAddress(literal("8.8.4.4"), 5));
        assertThat(filter.accept(mixed, literal("192.168.1.2"), START)).hasSize(7);
    }

    @Test
    void addressesOfNobodyNeverCount() {
        PeerExchange nobodies =
                named("0.0.0.0", "0.1.2.3", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "ff02::1");

        assertThat(filter.accept(nobodies, literal("127.0.0.1"), START)).isEmpty();
    }

    private static PeerExchange named(String... addresses) {
        return new PeerExchange(
                Stream.of(addresses)
                        .map(text -> new Contact(new PeerAddress(literal(text), 5), 0))
                        .toList(),
                List.of());
    }

    private static PeerExchange exchange(int count) {
        return new PeerExchange(contacts(IntStream.range(0, count).toArray()), List.of());
    }

    private static List<Contact> contacts(int... numbers) {
        return IntStream.of(numbers)
                .mapToObj(number -> new Contact(address(number), Contact.REACHABLE))
                .toList();
    }

    private static PeerAddress address(int number) {
        return PeerAddress.of(new byte[] {20, 0, (byte) (number >> 8), (byte) number}, 6881);
    }

    private static InetAddress literal(String text) {
        return InetAddress.ofLiteral(text);
    }
}
