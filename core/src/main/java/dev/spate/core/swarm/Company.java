package dev.spate.core.swarm;

import dev.spate.core.announce.AnnounceOrder;
import dev.spate.core.announce.Announcer;
import dev.spate.core.peer.CloseReason;
import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.core.peer.Heard;
import dev.spate.core.peer.PeerTerms;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.tracker.AnnounceAnswer;
import dev.spate.wire.tracker.AnnounceRefusal;
import java.net.InetAddress;
import java.util.List;

/**
 * Who comes, stays and goes, and what trackers say of others: the part of a swarm that need not know its torrent. What peers have
 * to say beyond that goes to the {@link Owner}.
 *
 * <p>It also holds the present moment, that of the latest input.
 */
final class Company {

    /** The swarm that keeps this company. */
    interface Owner {
        /** Both handshakes are done; our first words come next. */
        void opened(Conversation peer);

        /** It said or did something. */
        void heard(Conversation peer, Heard heard, long now);

        /** It leaves, and what it held is to be taken back; told once. */
        void gone(Conversation peer);
    }

    private final Owner owner;
    private final Roster roster;
    private final Outputs outputs;
    private final Conversations conversations;
    private final Announcer announcer;
    private final Departures departures;
    private final Admission admission;
    private final Greeter greeter;
    private final Dialer dialer;
    private final Justice justice;
    private final Hearsay hearsay;
    private final Sweeps sweeps = new Sweeps();
    private boolean running;
    private long now;

    /** @param ours what peers are told that we have */
    Company(Roster roster, PeerTerms terms, Greeter.Ours ours, Owner owner) {
        this.owner = owner;
        this.roster = roster;
        outputs = roster.outputs();
        conversations = roster.conversations();
        announcer = roster.announcer();
        departures = new Departures(roster, this::gone);
        admission = new Admission(roster, terms, departures);
        greeter = new Greeter(roster.identity(), ours);
        dialer = new Dialer(roster, terms, () -> !ours.isDone());
        justice = new Justice(conversations, roster.candidates(), roster.bans(), departures, outputs);
        hearsay = new Hearsay(roster);
    }

    private void gone(Conversation peer) {
        owner.gone(peer);
        hearsay.changed();
    }

    Departures departures() {
        return departures;
    }

    Greeter greeter() {
        return greeter;
    }

    Justice justice() {
        return justice;
    }

    Hearsay hearsay() {
        return hearsay;
    }

    boolean isRunning() {
        return running;
    }

    /** The present moment. */
    long now() {
        return now;
    }

    /** An input begins. */
    void at(long moment) {
        now = moment;
    }

    // ------------------------------------------------------------------ commands

    /** Goes on with the connections of another company, which was running or not. */
    void inherit(boolean wasRunning, long moment) {
        at(moment);
        running = wasRunning;
        dialer.run(wasRunning);
    }

    void start(long moment) {
        at(moment);
        if (!running) {
            running = true;
            dialer.run(true);
            announcer.start(now);
        }
    }

    /** Returns whether it was running. */
    boolean pause(long moment) {
        at(moment);
        if (!running) {
            return false;
        }
        running = false;
        dialer.run(false);
        announcer.stop(now);
        for (Conversation each : List.copyOf(conversations.all())) {
            departures.close(each, Kind.PAUSED);
        }
        return true;
    }

    void announceNow(long moment) {
        at(moment);
        announcer.announceNow(now);
    }

    void setMaxConnections(int connections, long moment) {
        at(moment);
        Bounds bounds = roster.bounds();
        bounds.set(bounds.settings().withMaxConnections(connections));
        admission.shed(connections, now);
    }

    void shed(int left, long moment) {
        at(moment);
        admission.shed(left, now);
    }

    void addPeers(PeerSource source, List<PeerAddress> peers, long moment) {
        at(moment);
        if (roster.identity().isPrivate() && !source.isFitForPrivate()) {
            return;
        }
        for (PeerAddress peer : peers) {
            if (peer.port() != 0 && !roster.bans().turnsAway(peer.ip())) {
                roster.candidates().learn(peer, source);
            }
        }
    }

    /** Forgets everybody but these, whom the user names. */
    void keepOnly(List<PeerAddress> peers, long moment) {
        at(moment);
        for (Conversation each : List.copyOf(conversations.all())) {
            Candidate candidate = each.candidate;
            if (!peers.contains(each.address)) {
                departures.close(each, Kind.NOT_NAMED);
                if (candidate != null) {
                    // Whatever ends the connection, it is not dialed again.
                    roster.candidates().forget(candidate);
                    each.candidate = null;
                }
            }
        }
        roster.candidates().forgetIf(address -> !peers.contains(address));
        addPeers(PeerSource.USER, peers, moment);
    }

    // ------------------------------------------------------------------ connections

    int accepted(PeerAddress remote, Handshake theirs, long moment) {
        at(moment);
        if (!running) {
            outputs.report(new SwarmEvent.PeerRefused(remote, CloseReason.of(Kind.PAUSED)));
            return -1;
        }
        Conversation peer = admission.accept(remote, theirs, now);
        if (peer == null) {
            return -1;
        }
        outputs.add(new Effect.SendHandshake(peer.slot, greeter.handshake()));
        open(peer, theirs);
        return peer.slot;
    }

    void dialed(int peer, long moment) {
        at(moment);
        Conversation dialed = conversations.at(peer);
        if (!dialed.closing) {
            dialed.peer.dialed(now);
            outputs.add(new Effect.SendHandshake(peer, greeter.handshake()));
            outputs.touch(dialed);
        }
    }

    void handshakeReceived(int peer, Handshake theirs, long moment) {
        at(moment);
        Conversation dialed = conversations.at(peer);
        if (dialed.closing) {
            return;
        }
        Kind objection = admission.check(dialed, theirs, now);
        if (objection != null) {
            departures.close(dialed, objection);
        } else {
            open(dialed, theirs);
        }
    }

    private void open(Conversation peer, Handshake theirs) {
        switch (peer.peer.handshakeReceived(theirs, now)) {
            case Heard.Opened() -> {
                peer.origin.id = theirs.peerId();
                owner.opened(peer);
                greeter.greet(peer);
                justice.welcome(peer);
                hearsay.changed();
                outputs.report(new SwarmEvent.PeerConnected(peer.address, theirs.peerId(), peer.peer.outgoing()));
            }
            case Heard other -> owner.heard(peer, other, now);
        }
        outputs.touch(peer);
    }

    void messageReceived(int peer, PeerMessage message, long moment) {
        at(moment);
        Conversation from = conversations.at(peer);
        if (!from.closing) {
            owner.heard(from, from.peer.messageReceived(message, now), now);
            outputs.touch(from);
        }
    }

    /** Returns from whom it came. */
    Conversation payloadReceived(int peer, int bytes, long moment) {
        at(moment);
        Conversation from = conversations.at(peer);
        from.in.add(bytes, now);
        from.peer.payloadReceived(bytes, now);
        return from;
    }

    void peerClosed(int peer, CloseReason reason, long moment) {
        at(moment);
        departures.gone(conversations.at(peer), reason, now);
    }

    // ------------------------------------------------------------------ trackers

    void announceAnswered(int order, AnnounceAnswer answer, long moment) {
        at(moment);
        announcer.answered(order, answer, now);
        InetAddress ours = answer.externalIp();
        if (ours != null && roster.ourAddress().told(ours)) {
            roster.candidates().ourselves(roster.ourAddress().known());
        }
        addPeers(PeerSource.TRACKER, answer.peers(), now);
        outputs.report(new SwarmEvent.TrackerAnswered(order, answer));
    }

    void announceRefused(int order, AnnounceRefusal refusal, long moment) {
        at(moment);
        announcer.refused(order, refusal, now);
        outputs.report(new SwarmEvent.TrackerRefused(order, refusal));
    }

    void announceFailed(int order, String reason, long moment) {
        at(moment);
        announcer.failed(order, reason, now);
        outputs.report(new SwarmEvent.TrackerFailed(order, reason));
    }

    /** Asks for the announces that are due, with these figures. */
    void announce(long uploaded, long downloaded, long left) {
        for (AnnounceOrder order = announcer.poll(); order != null; order = announcer.poll()) {
            outputs.add(new Effect.Announce(order, uploaded, downloaded, left));
        }
    }

    // ------------------------------------------------------------------ time

    long deadline() {
        long deadline = Math.min(sweeps.deadline(), announcer.deadline());
        deadline = Math.min(deadline, hearsay.deadline());
        return Math.min(deadline, dialer.deadline(now));
    }

    void timeout(long moment) {
        at(moment);
        announcer.timeout(now);
        if (sweeps.begin(now)) {
            for (Conversation each : List.copyOf(conversations.all())) {
                if (!each.closing) {
                    owner.heard(each, each.peer.timeout(now), now);
                    outputs.touch(each);
                }
            }
        }
    }

    /** Does what is due for the company as a whole. */
    void settle() {
        dialer.settle(now);
        hearsay.settle(now);
    }

    /** Sends one of them what is to be said. */
    void speak(Conversation to) {
        to.peer.drain(message -> outputs.send(to, message), now);
        sweeps.notAfter(to.peer.deadline());
    }
}
