package dev.spate.core.swarm;

import dev.spate.core.metadata.MetadataServing;
import dev.spate.core.pex.PexFilter;
import dev.spate.core.pex.PexNews;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.Holepunch;
import dev.spate.wire.peer.MetadataMessage;
import dev.spate.wire.peer.PeerExchange;
import dev.spate.wire.peer.PeerExchange.Contact;
import dev.spate.wire.peer.PeerMessage;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What peers say about themselves, about us and about others, and what we tell them of others (BEPs 5, 10, 11, 55). A private
 * torrent's peers come from its tracker, so there nothing is told of others and nothing believed (BEP 27).
 */
final class Hearsay {

    /** How often one connection may have us bring it together with others. */
    static final int MAX_RENDEZVOUS = 100;

    private final boolean isPrivate;
    private final Conversations conversations;
    private final Candidates candidates;
    private final Bans bans;
    private final OurAddress ourAddress;
    private final Outputs outputs;

    private MetadataServing serving = new MetadataServing(ByteBuffer.allocate(0));

    /** Who is connected has changed since the news were told. */
    private boolean changed;

    private long toldAt;
    private boolean told;
    private long settledAt;

    Hearsay(Roster roster) {
        this.isPrivate = roster.identity().isPrivate();
        this.conversations = roster.conversations();
        this.candidates = roster.candidates();
        this.bans = roster.bans();
        this.ourAddress = roster.ourAddress();
        this.outputs = roster.outputs();
    }

    /** It described itself. */
    void described(Conversation peer) {
        ExtensionHandshake said = peer.peer.description();
        if (said == null) {
            return;
        }
        changed = true;
        InetAddress ours = said.yourIp();
        if (ours != null && !peer.saidOurAddress) {
            // Once a connection: each news orders all candidates anew.
            peer.saidOurAddress = true;
            if (ourAddress.claimed(ours, peer.address.ip())) {
                candidates.ourselves(ourAddress.known());
            }
        }
        Integer port = said.listenPort();
        if (port != null && peer.candidate == null && !peer.peer.outgoing() && !peer.saidPort) {
            // Once a connection: a peer must not fill the table with ports.
            peer.saidPort = true;
            Candidate candidate = candidates.learn(peer.address.withPort(port), PeerSource.INCOMING);
            if (candidate != null && candidate.mayConnect()) {
                candidates.connected(candidate);
                peer.candidate = candidate;
            }
        }
    }

    /** From now on this is given to those who ask. */
    void serve(MetadataServing metadata) {
        serving = metadata;
    }

    /** It spoke of metadata; if it asked for a piece, it is answered. */
    void metadataTold(Conversation peer, MetadataMessage message) {
        ByteBuffer answer =
                message instanceof MetadataMessage.Request request ? serving.answer(request, peer.quota) : null;
        if (answer != null) {
            peer.peer.tell(MetadataMessage.NAME, id -> new PeerMessage.Extended(id, answer));
        }
    }

    /** Someone came or went. */
    void changed() {
        changed = true;
    }

    /** It told of others. */
    void peersTold(Conversation peer, PeerExchange exchange, long now) {
        if (isPrivate) {
            return;
        }
        PexFilter filter = peer.pexFilter == null ? new PexFilter() : peer.pexFilter;
        peer.pexFilter = filter;
        for (PeerAddress address : filter.accept(exchange, peer.address.ip(), now)) {
            if (!bans.turnsAway(address.ip())) {
                candidates.learn(address, PeerSource.PEX);
            }
        }
    }

    /** It has a DHT node. */
    void dhtNode(Conversation peer, int port) {
        if (!isPrivate) {
            outputs.report(new SwarmEvent.DhtNode(peer.address.withPort(port)));
        }
    }

    /** It wants to be brought together with another, or another with it. */
    void holepunching(Conversation peer, Holepunch message, long now) {
        if (isPrivate) {
            return;
        }
        switch (message) {
            case Holepunch.Rendezvous(PeerAddress address) -> {
                if (peer.rendezvous++ < MAX_RENDEZVOUS) {
                    bringTogether(peer, address);
                }
            }
            // The same trust as in any address that a peer names.
            case Holepunch.Connect(PeerAddress address) -> {
                if (address.port() != 0) {
                    peersTold(peer, new PeerExchange(List.of(new Contact(address, 0)), List.of()), now);
                }
            }
            case Holepunch.Failed _ -> {}
        }
    }

    private void bringTogether(Conversation asker, PeerAddress address) {
        Conversation other = at(address);
        int trouble = 0;
        if (address.port() == 0) {
            trouble = Holepunch.Failed.NO_SUCH_PEER;
        } else if (other == asker || address.equals(ourAddress.known())) {
            trouble = Holepunch.Failed.NO_SELF;
        } else if (other == null) {
            trouble = Holepunch.Failed.NOT_CONNECTED;
        } else if (!other.peer.understands(Holepunch.NAME)) {
            trouble = Holepunch.Failed.NO_SUPPORT;
        }
        if (trouble != 0 || other == null) {
            say(asker, new Holepunch.Failed(address, trouble));
        } else {
            say(other, new Holepunch.Connect(reachedAt(asker)));
            say(asker, new Holepunch.Connect(address));
        }
    }

    private void say(Conversation to, Holepunch message) {
        to.peer.tell(Holepunch.NAME, message::message);
        outputs.touch(to);
    }

    private @Nullable Conversation at(PeerAddress address) {
        for (Conversation each : conversations.all()) {
            if (each.isLive() && (address.equals(each.address) || address.equals(reachedAt(each)))) {
                return each;
            }
        }
        return null;
    }

    /** Where others reach it, as far as we know. */
    private static PeerAddress reachedAt(Conversation peer) {
        return peer.candidate == null ? peer.address : peer.candidate.address;
    }

    // ------------------------------------------------------------------ news of others

    long deadline() {
        return !changed || isPrivate || conversations.open() == 0
                ? Long.MAX_VALUE
                : told ? toldAt + PexNews.INTERVAL : settledAt;
    }

    /** Does what is due. */
    void settle(long now) {
        settledAt = now;
        if (deadline() == Long.MAX_VALUE || (told && now - toldAt < PexNews.INTERVAL)) {
            return;
        }
        told = true;
        toldAt = now;
        changed = false;
        List<Contact> contacts = contacts();
        for (Conversation each : List.copyOf(conversations.all())) {
            if (each.isLive() && each.peer.understands(PeerExchange.NAME)) {
                PexNews news = each.pexNews == null ? new PexNews(now) : each.pexNews;
                each.pexNews = news;
                news.next(contacts, reachedAt(each), now).ifPresent(exchange -> {
                    each.peer.tell(PeerExchange.NAME, exchange::message);
                    outputs.touch(each);
                    // What did not fit into one message goes with the next.
                    changed |= exchange.added().size() >= PexNews.MAX_NEWS
                            || exchange.dropped().size() >= PexNews.MAX_NEWS;
                });
            }
        }
    }

    private List<Contact> contacts() {
        List<Contact> contacts = new ArrayList<>();
        for (Conversation each : conversations.all()) {
            // Of one who came in and did not say where it listens there is nothing to tell.
            if (each.isLive() && (each.peer.outgoing() || each.candidate != null)) {
                int flags = (each.peer.outgoing() ? Contact.REACHABLE : 0)
                        | (each.isUploadOnly() ? Contact.UPLOAD_ONLY : 0)
                        | (each.peer.understands(Holepunch.NAME) ? Contact.HOLEPUNCH : 0);
                contacts.add(new Contact(reachedAt(each), flags));
            }
        }
        return contacts;
    }
}
