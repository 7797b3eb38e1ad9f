package dev.spate.wire.dht;

import org.jspecify.annotations.Nullable;

/**
 * Collects the arguments of a query and makes a question of them, once the method is known; the dictionary of arguments
 * comes first in a message.
 */
final class QuestionReader {
    private static final Bytes PING = Bytes.ofText("ping");
    private static final Bytes FIND_NODE = Bytes.ofText("find_node");
    private static final Bytes GET_PEERS = Bytes.ofText("get_peers");
    private static final Bytes ANNOUNCE_PEER = Bytes.ofText("announce_peer");
    private static final Bytes GET = Bytes.ofText("get");
    private static final Bytes PUT = Bytes.ofText("put");
    private static final Bytes SAMPLE_INFOHASHES = Bytes.ofText("sample_infohashes");

    private final KrpcCursor in;

    @Nullable
    NodeId id;

    private @Nullable NodeId target;
    private @Nullable NodeId infoHash;
    private @Nullable Bytes token;
    private @Nullable Bytes value;
    private @Nullable Bytes key;
    private @Nullable Bytes signature;
    private Bytes salt = Bytes.EMPTY;
    private @Nullable Long seq;
    private @Nullable Long cas;
    private long port = -1;
    private boolean impliedPort;
    private boolean seed;
    private boolean noSeed;
    private boolean scrape;
    private Want want = Want.UNSAID;

    QuestionReader(KrpcCursor in) {
        this.in = in;
    }

    /** Reads the dictionary of arguments; false in trouble. */
    boolean read() {
        if (!in.take('d')) {
            return in.fail("arguments that are no dictionary");
        }
        String name = in.key();
        while (name != null) {
            if (in.isAtString()) {
                readString(name);
            } else if (in.isAt('i')) {
                readInteger(name);
            } else if (name.equals("want") && in.isAt('l')) {
                readWant();
            } else if (name.equals("v")) {
                value = value();
            } else {
                in.skip();
            }
            name = in.isInTrouble() ? null : in.key();
        }
        return !in.isInTrouble();
    }

    private void readString(String name) {
        int begin = in.at;
        if (!in.string()) {
            return;
        }
        switch (name) {
            case "id" -> id = id();
            case "target" -> target = id();
            case "info_hash" -> infoHash = id();
            case "token" -> token = in.content();
            case "k" -> key = in.content();
            case "salt" -> salt = in.content();
            case "sig" -> signature = in.content();
            case "v" -> value = Bytes.copyOf(in.bytes, begin, in.at);
            default -> {}
        }
    }

    private void readInteger(String name) {
        int begin = in.at;
        if (!in.integer()) {
            return;
        }
        switch (name) {
            case "port" -> port = in.number;
            case "implied_port" -> impliedPort = in.number != 0;
            case "seed" -> seed = in.number == 1;
            case "noseed" -> noSeed = in.number == 1;
            case "scrape" -> scrape = in.number == 1;
            case "seq" -> seq = in.number;
            case "cas" -> cas = in.number;
            case "v" -> value = Bytes.copyOf(in.bytes, begin, in.at);
            default -> {}
        }
    }

    private @Nullable NodeId id() {
        if (in.length() != NodeId.LENGTH) {
            in.fail("an id of " + in.length() + " bytes");
            return null;
        }
        return NodeId.at(in.bytes, in.from);
    }

    private Bytes value() {
        int begin = in.at;
        return in.skip() ? Bytes.copyOf(in.bytes, begin, in.at) : Bytes.EMPTY;
    }

    private void readWant() {
        boolean ipv4 = false;
        boolean ipv6 = false;
        in.take('l');
        while (in.isAtString() && in.string()) {
            boolean known = in.length() == 2 && in.bytes[in.from] == 'n';
            ipv4 |= known && in.bytes[in.from + 1] == '4';
            ipv6 |= known && in.bytes[in.from + 1] == '6';
        }
        if (!in.isInTrouble() && !in.take('e')) {
            in.fail("a wish that is no string");
        }
        if (ipv4 || ipv6) {
            want = ipv4 && ipv6 ? Want.BOTH : ipv4 ? Want.IPV4 : Want.IPV6;
        }
    }

    /** The question; null if an argument is missing that the method cannot do without. */
    @Nullable
    Question question(Bytes method) {
        // The frequent ones first.
        if (method.equals(GET_PEERS)) {
            return infoHash == null ? null : new Question.GetPeers(infoHash, want, scrape, noSeed);
        }
        if (method.equals(FIND_NODE)) {
            return target == null ? null : new Question.FindNode(target, want);
        }
        if (method.equals(PING)) {
            return new Question.Ping();
        }
        if (method.equals(ANNOUNCE_PEER)) {
            return announcePeer();
        }
        if (method.equals(GET)) {
            return target == null ? null : new Question.Get(target, seq, want);
        }
        if (method.equals(PUT)) {
            return put();
        }
        if (method.equals(SAMPLE_INFOHASHES)) {
            return target == null ? null : new Question.SampleInfohashes(target, want);
        }
        return new Question.Unknown(method, target == null ? infoHash : target, want);
    }

    private @Nullable Question announcePeer() {
        boolean noPort = port < 0 || port > 65535;
        if (infoHash == null || token == null || (noPort && !impliedPort)) {
            return null;
        }
        return new Question.AnnouncePeer(infoHash, noPort ? 0 : (int) port, impliedPort, seed, token);
    }

    private @Nullable Question put() {
        if (value == null || token == null) {
            return null;
        }
        if (key == null) {
            return new Question.Put(token, value, null);
        }
        if (seq == null || signature == null) {
            return null;
        }
        return new Question.Put(token, value, new Question.Signed(key, salt, seq, signature, cas));
    }
}
