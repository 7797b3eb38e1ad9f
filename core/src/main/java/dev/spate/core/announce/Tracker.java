package dev.spate.core.announce;

import dev.spate.wire.tracker.AnnounceAnswer;
import dev.spate.wire.tracker.AnnounceEvent;
import dev.spate.wire.tracker.ScrapeAnswer;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is known of one tracker, reached by one address family. */
final class Tracker {
    final String url;
    final Route route;

    private int tier;
    private int failures;
    private boolean refused;
    private @Nullable String message;
    private ScrapeAnswer counts = ScrapeAnswer.UNKNOWN;
    private int peers;
    private @Nullable String trackerId;
    private long lastAnswer = TrackerStatus.NEVER;

    /** It has answered an announce since the start, so it counts us and wants to hear when we complete or leave. */
    private boolean knowsUs;

    private boolean owedCompleted;

    /** The user has just named it, so it is asked although another one answers. */
    private boolean owedFirst;

    private boolean givenUp;

    /** It said itself how long to leave it alone (BEP 31), so even the user's wish does not shorten that. */
    private boolean toldToWait;

    /** Not to be asked before this; {@code Long.MIN_VALUE} when at any time. */
    private long notBefore = Long.MIN_VALUE;

    /** What it was asked last and has not answered, or null. */
    private @Nullable AnnounceEvent underWay;

    Tracker(String url, Route route) {
        this.url = url;
        this.route = route;
        if (!isSupported(url)) {
            givenUp = true;
            message = "not a tracker URL that can be used: udp, http and https are";
        }
    }

    static boolean isUdp(String url) {
        return url.toLowerCase(Locale.ROOT).startsWith("udp://");
    }

    static boolean isSupported(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        return lower.startsWith("udp://") || lower.startsWith("http://") || lower.startsWith("https://");
    }

    void setTier(int newTier) {
        tier = newTier;
    }

    /** A new start: it does not know us yet. What it said about being left alone still holds. */
    void started() {
        knowsUs = false;
        owedCompleted = false;
        owedFirst = false;
    }

    /** It was not on the list before. */
    void named() {
        owedFirst = true;
    }

    /** We have just become complete. Only a tracker that saw us begin is told; for others we are a seed from the start. */
    void completed() {
        owedCompleted = mayKnowUs();
    }

    /**
     * Why the next announce to it is made.
     *
     * @param partial whether we are a partial seed. BEP 21: every announce of one says so; over UDP none can
     */
    AnnounceEvent nextEvent(boolean partial) {
        if (partial && !isUdp(url)) {
            return AnnounceEvent.PAUSED;
        }
        if (!knowsUs) {
            return AnnounceEvent.STARTED;
        }
        return owedCompleted ? AnnounceEvent.COMPLETED : AnnounceEvent.NONE;
    }

    /** Why one that {@link #isOwed} is asked. */
    AnnounceEvent owedEvent(boolean partial) {
        return owedCompleted ? AnnounceEvent.COMPLETED : nextEvent(partial);
    }

    void asked(AnnounceEvent event) {
        owedFirst = false;
        underWay = event;
    }

    /** The announce was taken back before anybody made it. */
    void neverAsked() {
        underWay = null;
    }

    void answered(AnnounceAnswer answer, long minIntervalNanos, long now) {
        if (underWay == AnnounceEvent.COMPLETED) {
            owedCompleted = false;
        }
        knowsUs = true;
        underWay = null;
        failures = 0;
        refused = false;
        toldToWait = false;
        message = answer.warning();
        counts = answer.counts();
        peers = answer.peers().size();
        lastAnswer = now;
        notBefore = now + minIntervalNanos;
        if (answer.trackerId() != null) {
            trackerId = answer.trackerId();
        }
    }

    /** The announce that said goodbye has ended, one way or another. */
    void left() {
        underWay = null;
        knowsUs = false;
    }

    /** @param no whether it answered, and said No */
    int failed(String reason, boolean no) {
        underWay = null;
        message = reason;
        refused = no;
        return ++failures;
    }

    void waitUntil(long moment) {
        notBefore = moment;
        toldToWait = false;
    }

    void leaveAlone(Duration wait, long now) {
        notBefore = now + wait.toNanos();
        toldToWait = true;
    }

    void giveUp() {
        givenUp = true;
    }

    /** The user wants it tried: a back-off of our own ends, a wait that the tracker asked for does not. */
    void retryNow(long now) {
        if (failures > 0 && !toldToWait) {
            notBefore = Math.min(notBefore, now);
        }
    }

    boolean isGivenUp() {
        return givenUp;
    }

    boolean isFailing() {
        return failures > 0;
    }

    /** Whether it is to hear something before its turn comes, and can be reached. */
    boolean isOwed() {
        return (owedFirst || (owedCompleted && failures == 0)) && underWay == null && !givenUp;
    }

    /** Whether it may believe that we are in the swarm. */
    boolean mayKnowUs() {
        return knowsUs || underWay == AnnounceEvent.STARTED || underWay == AnnounceEvent.PAUSED;
    }

    boolean isUnderWay() {
        return underWay != null;
    }

    long notBefore() {
        return notBefore;
    }

    @Nullable
    String trackerId() {
        return trackerId;
    }

    TrackerStatus status(long nextAnnounce) {
        TrackerStatus.State state;
        if (givenUp) {
            state = TrackerStatus.State.GIVEN_UP;
        } else if (underWay != null) {
            state = TrackerStatus.State.ASKED;
        } else if (failures > 0) {
            state = TrackerStatus.State.FAILING;
        } else {
            state = knowsUs ? TrackerStatus.State.WORKING : TrackerStatus.State.IDLE;
        }
        return new TrackerStatus(
                url, tier, route, state, failures, refused, message, counts, peers, lastAnswer, nextAnnounce);
    }
}
