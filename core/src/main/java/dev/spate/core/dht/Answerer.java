package dev.spate.core.dht;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.DhtItem;
import dev.spate.wire.dht.Family;
import dev.spate.wire.dht.KrpcError;
import dev.spate.wire.dht.KrpcMessage;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.NodeInfo;
import dev.spate.wire.dht.Question;
import dev.spate.wire.dht.Results;
import dev.spate.wire.dht.Want;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Answers the queries of others, within bounds: so many for each source, and never with more than three times the bytes that
 * somebody sent who has not proved that he is at his address, so that nobody can have us flood another.
 *
 * <p>Who has answered a query of ours, or shown a token that we sent him, has proved it. A node that is worth knowing is
 * asked back, and what that takes is counted too.
 */
final class Answerer {
    /** No answer is longer, so that none is cut into fragments: IPv6 carries 1,280 bytes everywhere. */
    static final int MAX_ANSWER = 1200;

    /** By how much an answer may be longer than the query of somebody who has not proved his address. */
    static final int AMPLIFICATION = 3;

    /** The length of our ping, in bytes. */
    static final int PING_LENGTH = 74;

    /** How long a proof is good. A table entry's address may belong to somebody else after that. */
    static final long PROOF_NANOS = 600_000_000_000L;

    private static final int PROVEN_SOURCES = 8192;

    // What the parts of an answer take, in bytes, with lengths of as many digits as they can have.
    private static final int ENVELOPE = "d1:rd2:id20:".length() + NodeId.LENGTH + "e1:t32:1:v4:Sp011:y1:re".length();
    private static final int YOUR_ADDRESS = "2:ip18:".length();
    private static final int TOKEN = "5:token8:".length() + Long.BYTES;
    private static final int NODES = "6:nodes6304:".length();
    private static final int VALUES = "6:valuesle".length();
    private static final int VALUE = "18:".length();
    private static final int FILTERS = 2 * ("4:BFpe256:".length() + 256);
    private static final int SAMPLES = "8:intervali21600e3:numi2147483647e7:samples600:".length();
    private static final int ITEM = "1:v".length();
    private static final int SIGNED = "1:k32:".length() + 32 + "3:seqi-9223372036854775808e3:sig64:".length() + 64;

    private final Post post;
    private final List<Half> halves;
    private final ItemStore items;
    private final Announced announced;
    private final Tokens tokens;
    private final AnswerLimit limit;
    private final SourceTable proven;
    long queriesIn;
    long limited;

    /** Who hears of peers that are announced to us. */
    interface Announced {
        void announced(NodeId infoHash, PeerAddress peer);
    }

    Answerer(Post post, List<Half> halves, ItemStore items, Announced announced, RandomGenerator random, long now) {
        this.post = post;
        this.halves = halves;
        this.items = items;
        this.announced = announced;
        this.tokens = new Tokens(random, now);
        this.limit = new AnswerLimit(post.settings, random, now);
        this.proven = new SourceTable(PROVEN_SOURCES, random, now);
    }

    /** Somebody answered us, so he is where he says that he is. */
    void proved(PeerAddress source, long now) {
        proven.remember(Addresses.owner(source.ip()), now + PROOF_NANOS, now);
    }

    /**
     * Answers a query, if there is an answer.
     *
     * @param length of the query in bytes
     */
    void answer(Half half, KrpcMessage.Query query, PeerAddress from, int length, long now) {
        queriesIn++;
        if (post.settings.readOnly()) {
            // BEP 43: "It no longer responds to 'query' messages".
            return;
        }
        long source = Addresses.owner(from.ip());
        if (!limit.allows(source, now)) {
            limited++;
            return;
        }
        boolean isProven = proven.moment(source, now) - now > 0;
        int room = isProven ? MAX_ANSWER : Math.min(MAX_ANSWER, AMPLIFICATION * length);
        if (!query.readOnly() && isWorthAsking(half, query, from, isProven, now)) {
            half.ping(from, query.id(), now);
            room -= PING_LENGTH;
        }
        new Composition(half, query, from, room, now).compose();
    }

    private boolean isWorthAsking(Half half, KrpcMessage.Query query, PeerAddress from, boolean isProven, long now) {
        if (half.table().asked(from, query.id(), now)) {
            return true;
        }
        // He may not have the value, as it is long, but will come again.
        return !isProven && query.question() instanceof Question.Get get && items.find(get.target(), now) != null;
    }

    private @Nullable Half half(Family family) {
        for (Half half : halves) {
            if (half.family() == family) {
                return half;
            }
        }
        return null;
    }

    /** One answer in the making, with the room that is left for it. */
    private final class Composition {
        private final Half half;
        private final KrpcMessage.Query query;
        private final PeerAddress from;
        private final long now;
        private int room;

        Composition(Half half, KrpcMessage.Query query, PeerAddress from, int room, long now) {
            this.half = half;
            this.query = query;
            this.from = from;
            this.now = now;
            int peerLength = half.family().compactPeerLength();
            this.room = room - ENVELOPE - query.transaction().length() - YOUR_ADDRESS - peerLength;
        }

        void compose() {
            if (room < 0) {
                // Only a query with a very short frame and a long transaction id gets here.
                return;
            }
            switch (query.question()) {
                case Question.GetPeers getPeers -> getPeers(getPeers);
                case Question.FindNode(NodeId target, Want want) -> send(nodes(target, want));
                case Question.Ping _ -> send(Results.NONE);
                case Question.AnnouncePeer announce -> announcePeer(announce);
                case Question.Get get -> get(get);
                case Question.Put put -> put(put);
                case Question.SampleInfohashes(NodeId target, Want want) -> sample(target, want);
                case Question.Unknown(Bytes _, NodeId target, Want want) -> {
                    // Methods to come that look for a place are answered with the way there, so that they find it.
                    if (target != null) {
                        send(nodes(target, want));
                    } else {
                        refuse(KrpcError.UNKNOWN_METHOD);
                    }
                }
            }
        }

        private void getPeers(Question.GetPeers asked) {
            Bytes token = token();
            NodeId infoHash = asked.infoHash();
            Results.Filters filters = null;
            if (asked.scrape() && room >= FILTERS) {
                filters = half.peers().filters(infoHash, now);
                room -= filters == null ? 0 : FILTERS;
            }
            // Half of the room, so that enough is left for the nodes that lead to more peers.
            int perPeer = VALUE + half.family().compactPeerLength();
            int most = Math.max(0, (room / 2 - VALUES) / perPeer);
            List<PeerAddress> values = half.peers().some(infoHash, most, asked.noSeed(), now);
            room -= values.isEmpty() ? 0 : VALUES + values.size() * perPeer;
            Results nodes = nodes(infoHash, asked.want());
            send(new Results(nodes.nodes(), nodes.nodes6(), values, token, null, filters, null));
        }

        private void announcePeer(Question.AnnouncePeer announce) {
            int port = announce.impliedPort() ? from.port() : announce.port();
            if (!tokens.isGood(announce.token(), from.ip(), now)) {
                refuse(KrpcError.BAD_TOKEN);
                return;
            }
            proved(from, now);
            PeerAddress peer = from.withPort(port);
            if (port == 0) {
                refuse(KrpcError.PROTOCOL);
                return;
            }
            half.peers().put(announce.infoHash(), peer, announce.seed(), now);
            announced.announced(announce.infoHash(), peer);
            send(Results.NONE);
        }

        private void get(Question.Get get) {
            Bytes token = token();
            DhtItem item = items.find(get.target(), now);
            Results.Item told = item == null ? null : told(item, get.seq());
            Results nodes = nodes(get.target(), get.want());
            send(new Results(nodes.nodes(), nodes.nodes6(), List.of(), token, told, null, null));
        }

        private Results.@Nullable Item told(DhtItem item, @Nullable Long seq) {
            int length = ITEM + item.value().length();
            switch (item) {
                case DhtItem.Immutable(Bytes value) -> {
                    if (length > room) {
                        return null;
                    }
                    room -= length;
                    return new Results.Item(value, null, null, null);
                }
                case DhtItem.Mutable mutable -> {
                    boolean known = seq != null && mutable.seq() <= seq;
                    if (known || length + SIGNED > room) {
                        room -= Math.min(room, SIGNED);
                        return room > 0 ? new Results.Item(null, null, mutable.seq(), null) : null;
                    }
                    room -= length + SIGNED;
                    return new Results.Item(mutable.value(), mutable.key(), mutable.seq(), mutable.signature());
                }
            }
        }

        private void put(Question.Put put) {
            // The token first: it is cheap, and a signature is not.
            if (!tokens.isGood(put.token(), from.ip(), now)) {
                refuse(KrpcError.BAD_TOKEN);
                return;
            }
            proved(from, now);
            switch (DhtItem.check(put)) {
                case DhtItem.Checked.Faulty(KrpcError error) -> refuse(error);
                case DhtItem.Checked.Whole(DhtItem item) -> {
                    Question.Signed signed = put.signed();
                    Optional<KrpcError> fault = items.put(item, signed == null ? null : signed.cas(), now);
                    if (fault.isPresent()) {
                        refuse(fault.get());
                    } else {
                        send(Results.NONE);
                    }
                }
            }
        }

        private void sample(NodeId target, Want want) {
            Results.Samples all = half.peers().samples(now);
            room -= SAMPLES;
            int most = Math.clamp(room / NodeId.LENGTH, 0, all.infoHashes().size());
            Results.Samples some = new Results.Samples(
                    all.intervalSeconds(), all.total(), all.infoHashes().subList(0, most));
            room -= most * NodeId.LENGTH;
            Results nodes = nodes(target, want);
            send(new Results(nodes.nodes(), nodes.nodes6(), List.of(), null, null, null, some));
        }

        private @Nullable Bytes token() {
            if (room < TOKEN) {
                return null;
            }
            room -= TOKEN;
            return tokens.tokenFor(from.ip(), now);
        }

        /** The nearest nodes of the wanted families, as many as there is room for, those of this family first. */
        private Results nodes(NodeId target, Want want) {
            Family over = half.family();
            Family other = over == Family.IPV4 ? Family.IPV6 : Family.IPV4;
            List<NodeInfo> here = want.includes(over, over) ? nearest(half, target) : null;
            List<NodeInfo> there = want.includes(other, over) ? nearest(half(other), target) : null;
            return over == Family.IPV4 ? Results.ofNodes(here, there) : Results.ofNodes(there, here);
        }

        private @Nullable List<NodeInfo> nearest(@Nullable Half of, NodeId target) {
            if (of == null || room < NODES) {
                return null;
            }
            room -= NODES;
            int nodeLength = of.family().compactNodeLength();
            int most = Math.min(RoutingTable.K, room / nodeLength);
            List<NodeInfo> nodes = most == 0 ? List.of() : of.table().closest(target, most);
            room -= nodes.size() * nodeLength;
            return nodes;
        }

        private void send(Results results) {
            post.answer(
                    from,
                    new KrpcMessage.Answer(query.transaction(), half.own(), results, from, post.settings.version()));
        }

        private void refuse(KrpcError error) {
            post.answer(
                    from,
                    new KrpcMessage.Refusal(
                            query.transaction(), error.code(), error.text(), from, post.settings.version()));
        }
    }
}
