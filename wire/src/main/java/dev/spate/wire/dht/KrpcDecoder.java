package dev.spate.wire.dht;

import dev.spate.wire.Decoding;
import dev.spate.wire.Decoding.Decoded;
import dev.spate.wire.Decoding.Malformed;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PlainText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the datagrams of the DHT.
 *
 * <p>A datagram is whole or wrong, so decoding never answers {@link Decoding.NeedMore}. Keys may come in any order; of a key
 * that is repeated the last one counts; keys that are not known, and known ones with a value of another kind, are passed over.
 * What is missing though a message of its kind cannot do without makes it malformed.
 */
public final class KrpcDecoder {

    /** Longer datagrams are none of the DHT's: nodes, peers and an item of 1,000 bytes take less than half. */
    public static final int MAX_LENGTH = 4096;

    /** The longest transaction id that is repeated to who chose it, in bytes; real ones have two, four or eight. */
    public static final int MAX_TRANSACTION = 32;

    private static final int MAX_VERSION = 16;
    private static final int MAX_TEXT = 200;

    private KrpcDecoder() {}

    /**
     * Reads one datagram, from its position to its limit, which stay where they are.
     *
     * @return {@code Decoded} or {@code Malformed}
     */
    public static Decoding<KrpcMessage> decode(ByteBuffer datagram) {
        int length = datagram.remaining();
        if (length > MAX_LENGTH) {
            return new Malformed<>(MAX_LENGTH, "a message of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        datagram.get(datagram.position(), bytes);
        return new Envelope(new KrpcCursor(bytes)).read();
    }

    /** The dictionary on top. */
    private static final class Envelope {
        private final KrpcCursor in;
        private @Nullable QuestionReader question;
        private @Nullable ResultsReader results;
        private @Nullable Bytes transaction;
        private @Nullable Bytes method;
        private @Nullable Bytes version;
        private @Nullable PeerAddress yourAddress;
        private boolean readOnly;
        private char kind;
        private boolean refused;
        private long code;
        private String text = "";

        Envelope(KrpcCursor in) {
            this.in = in;
        }

        Decoding<KrpcMessage> read() {
            if (!in.take('d')) {
                return malformed("not a dictionary");
            }
            String name = in.key();
            while (name != null) {
                readEntry(name);
                name = in.isInTrouble() ? null : in.key();
            }
            if (in.isInTrouble()) {
                return malformed(in.trouble);
            }
            if (in.at < in.bytes.length) {
                return malformed("more bytes behind the message");
            }
            if (transaction == null) {
                return malformed("no transaction id");
            }
            return switch (kind) {
                case 'q' -> query(transaction);
                case 'r' -> answer(transaction);
                case 'e' ->
                    refused
                            ? new Decoded<>(new KrpcMessage.Refusal(transaction, code, text, yourAddress, version))
                            : malformed("no error");
                default -> malformed("neither query nor answer");
            };
        }

        private void readEntry(String name) {
            switch (name) {
                case "a" -> {
                    QuestionReader reader = new QuestionReader(in);
                    if (reader.read()) {
                        question = reader;
                    }
                }
                case "r" -> {
                    ResultsReader reader = new ResultsReader(in);
                    if (reader.read()) {
                        results = reader;
                    }
                }
                case "e" -> readError();
                case "ro" -> {
                    if (in.isAt('i') ? in.integer() : in.skip()) {
                        readOnly = in.number == 1;
                    }
                }
                default -> readText(name);
            }
        }

        private void readText(String name) {
            if (!in.isAtString()) {
                in.skip();
                return;
            }
            if (!in.string()) {
                return;
            }
            switch (name) {
                case "t" -> {
                    if (in.length() > MAX_TRANSACTION) {
                        in.fail("a transaction id of " + in.length() + " bytes");
                    }
                    transaction = in.content();
                }
                case "q" -> method = in.content();
                case "y" -> kind = in.length() == 1 ? (char) in.bytes[in.from] : ' ';
                case "v" -> version = in.length() > MAX_VERSION ? null : in.content();
                case "ip" -> yourAddress = yourAddress();
                default -> {}
            }
        }

        private void readError() {
            if (!in.take('l')) {
                in.skip();
                return;
            }
            if (!in.isAt('i') || !in.integer()) {
                in.fail("an error without a number");
                return;
            }
            code = in.number;
            refused = true;
            if (in.isAtString()) {
                if (!in.string()) {
                    return;
                }
                text = PlainText.of(new String(in.bytes, in.from, in.length(), StandardCharsets.UTF_8), MAX_TEXT);
            }
            while (!in.isInTrouble() && !in.take('e')) {
                in.skip();
            }
        }

        /** BEP 42 gives an address with a port; some give the address only. */
        private @Nullable PeerAddress yourAddress() {
            return switch (in.length()) {
                case 6, 18 -> ResultsReader.address(in.bytes, in.from, in.to);
                case 4, 16 -> PeerAddress.of(in.content().content, 0);
                default -> null;
            };
        }

        private Decoding<KrpcMessage> query(Bytes id) {
            if (question == null || question.id == null || method == null) {
                return malformed("a query without id or method");
            }
            Question asked = question.question(method);
            return asked == null
                    ? malformed("a query without a needed argument")
                    : new Decoded<>(new KrpcMessage.Query(id, question.id, asked, readOnly, version));
        }

        private Decoding<KrpcMessage> answer(Bytes id) {
            if (results == null || results.id == null) {
                return malformed("an answer without id");
            }
            return new Decoded<>(new KrpcMessage.Answer(id, results.id, results.results(), yourAddress, version));
        }

        private Decoding<KrpcMessage> malformed(String reason) {
            return new Malformed<>(in.at, reason);
        }
    }
}
