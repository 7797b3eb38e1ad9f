package dev.spate.core.peer;

import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.PeerMessage;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What we want to say to a peer and have not said yet, but for what {@link Uplink} and {@link Downlink} keep; and when we spoke last. */
final class Speech {
    private @Nullable PieceSet greetWith;
    private @Nullable ExtensionHandshake describeWith;
    private boolean interestWanted;
    private boolean interestTold;
    private final ArrayDeque<PeerMessage> news = new ArrayDeque<>(1);
    private boolean keepAliveDue;
    private long sentAt;

    Speech(long now) {
        this.sentAt = now;
    }

    /** The first word is about our pieces; the set is kept. */
    void greet(PieceSet ours) {
        greetWith = ours;
    }

    void describe(ExtensionHandshake ourselves) {
        describeWith = ourselves;
    }

    void wantInterest(boolean interested) {
        interestWanted = interested;
    }

    boolean interestWanted() {
        return interestWanted;
    }

    /** To be said in its turn. */
    void add(PeerMessage message) {
        news.add(message);
    }

    /** Something is to be said, if only that we are still there. */
    void keepAlive() {
        keepAliveDue = true;
    }

    /** Something went out. */
    void spoke(long now) {
        sentAt = now;
    }

    long sentAt() {
        return sentAt;
    }

    /** Emits what is to be said, in order. */
    void drain(boolean fast, Uplink uplink, Downlink downlink, Consumer<PeerMessage> out, long now) {
        Consumer<PeerMessage> telling = message -> {
            sentAt = now;
            keepAliveDue = false;
            out.accept(message);
        };
        drainGreeting(fast, telling);
        uplink.drain(telling);
        if (interestWanted != interestTold) {
            interestTold = interestWanted;
            telling.accept(interestTold ? new PeerMessage.Interested() : new PeerMessage.NotInterested());
        }
        for (PeerMessage message = news.poll(); message != null; message = news.poll()) {
            telling.accept(message);
        }
        downlink.drain(telling, now);
        if (keepAliveDue) {
            telling.accept(new PeerMessage.KeepAlive());
        }
    }

    private void drainGreeting(boolean fast, Consumer<PeerMessage> telling) {
        PieceSet ours = greetWith;
        if (ours != null) {
            greetWith = null;
            if (fast && ours.isFull()) {
                telling.accept(new PeerMessage.HaveAll());
            } else if (fast && ours.isEmpty()) {
                telling.accept(new PeerMessage.HaveNone());
            } else if (!ours.isEmpty()) {
                telling.accept(new PeerMessage.Bitfield(ours));
            }
        }
        ExtensionHandshake ourselves = describeWith;
        if (ourselves != null) {
            describeWith = null;
            telling.accept(ourselves.message());
        }
    }
}
