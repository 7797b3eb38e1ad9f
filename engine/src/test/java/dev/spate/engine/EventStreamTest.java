package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EventStreamTest {

    /** Notes what it is told, and that it is never told more than it asked for. */
    private static class Pupil implements Flow.Subscriber<Event> {
        final List<Integer> heard = new ArrayList<>();
        final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        final CompletableFuture<@Nullable Throwable> over = new CompletableFuture<>();
        final AtomicLong askedFor = new AtomicLong();

        void ask(long events) throws Exception {
            askedFor.addAndGet(events);
            subscription().request(events);
        }

        Flow.Subscription subscription() throws Exception {
            return subscribed.get(30, TimeUnit.SECONDS);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscribed.complete(subscription);
        }

        @Override
        public synchronized void onNext(Event event) {
            assertThat(askedFor.decrementAndGet()).isNotNegative();
            heard.add(number(event));
        }

        synchronized List<Integer> heard() {
            return List.copyOf(heard);
        }

        @Override
        public void onError(Throwable error) {
            over.complete(error);
        }

        @Override
        public void onComplete() {
            over.complete(null);
        }
    }

    private final EventStream stream = new EventStream();
    private @Nullable Session session;
    private @Nullable Torrent torrent;

    @TempDir
    private Path folder;

    @BeforeEach
    void makeATorrent() {
        Session made = Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
        session = made;
        torrent = made.add(
                Payload.file("a", 1, 1 << 14).metainfo(),
                AddOptions.into(folder).startPaused());
    }

    @AfterEach
    void end() {
        if (session != null) {
            session.close();
        }
    }

    private void publish(int from, int to) {
        assert torrent != null;
        for (int i = from; i < to; i++) {
            stream.publish(new Event.PieceFlushed(torrent, i));
        }
    }

    private static int number(Event event) {
        return event instanceof Event.PieceFlushed(var _, int piece) ? piece : -1;
    }

    @Test
    void nobodyIsGivenMoreThanHeAskedFor() throws Exception {
        Pupil pupil = new Pupil();
        stream.subscribe(pupil);
        publish(0, 5);
        pupil.ask(2);
        Waiting.until(() -> pupil.heard().size() == 2);
        pupil.ask(1);
        pupil.ask(1);
        Waiting.until(() -> pupil.heard().size() == 4);
        stream.close();
        assertThat(pupil.over).isNotDone();
        pupil.ask(Long.MAX_VALUE - 10);
        assertThat(pupil.over.get(30, TimeUnit.SECONDS)).isNull();
        assertThat(pupil.heard()).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void theSlowMissTheOldestAndOnlyThey() throws Exception {
        Pupil slow = new Pupil();
        stream.subscribe(slow);
        try (Subscription fast =
                stream.subscribe(event -> assertThat(number(event)).isNotNegative())) {
            publish(0, 100);
            assertThat(fast.missed()).isZero();
        }
        Subscription place = (Subscription) slow.subscription();
        publish(100, EventStream.QUEUE_LENGTH + 3);
        assertThat(place.missed()).isEqualTo(3);
        slow.ask(EventStream.QUEUE_LENGTH);
        stream.close();
        assertThat(slow.over.get(30, TimeUnit.SECONDS)).isNull();
        assertThat(slow.heard())
                .hasSize(EventStream.QUEUE_LENGTH)
                .startsWith(3, 4, 5)
                .endsWith(EventStream.QUEUE_LENGTH + 2);
    }

    @Test
    void askingForNothingIsAMistake() throws Exception {
        Pupil pupil = new Pupil();
        stream.subscribe(pupil);
        publish(0, 1);
        pupil.subscription().request(0);
        assertThat(pupil.over.get(30, TimeUnit.SECONDS)).isInstanceOf(IllegalArgumentException.class);
        assertThat(pupil.heard()).isEmpty();
    }

    @Test
    void whoCancelsHearsNothingMore() throws Exception {
        Pupil pupil = new Pupil() {
            @Override
            public synchronized void onNext(Event event) {
                super.onNext(event);
                subscribed.join().cancel();
            }
        };
        stream.subscribe(pupil);
        publish(0, 5);
        pupil.ask(5);
        Waiting.until(() -> !pupil.heard().isEmpty());
        stream.close();
        Pupil later = new Pupil();
        stream.subscribe(later);
        assertThat(later.over.get(30, TimeUnit.SECONDS)).isNull();
        assertThat(pupil.heard()).containsExactly(0);
        assertThat(pupil.over).isNotDone();
    }

    @Test
    void whoFailsIsNotCalledAgainAndAListenerIs() throws Exception {
        Pupil failing = new Pupil() {
            @Override
            public synchronized void onNext(Event event) {
                super.onNext(event);
                throw new IllegalStateException("my own bug");
            }
        };
        CompletableFuture<Integer> second = new CompletableFuture<>();
        stream.subscribe(failing);
        failing.ask(5);
        try (Subscription _ = stream.subscribe(event -> {
            if (number(event) == 1) {
                second.complete(1);
            } else {
                throw new IllegalStateException("my own bug");
            }
        })) {
            publish(0, 2);
            assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(1);
        }
        Waiting.until(() -> !failing.heard().isEmpty());
        publish(2, 3);
        stream.close();
        assertThat(failing.heard()).containsExactly(0);
        assertThat(failing.over).isNotDone();
    }

    @Test
    void aSessionEndsItsStream() throws Exception {
        Pupil pupil = new Pupil();
        assert session != null && torrent != null;
        session.events().subscribe(pupil);
        pupil.ask(1_000_000);
        session.close();
        assertThat(pupil.over.get(30, TimeUnit.SECONDS)).isNull();
        assertThat(torrent.state()).isEqualTo(TorrentState.REMOVED);
        assertThat(pupil.heard()).isNotEmpty();
    }
}
