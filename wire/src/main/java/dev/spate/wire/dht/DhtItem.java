package dev.spate.wire.dht;

import dev.spate.wire.Decoding;
import dev.spate.wire.bencode.BencodeDecoder;
import dev.spate.wire.bencode.BencodeEncoder;
import dev.spate.wire.bencode.BencodeValue;
import dev.spate.wire.bencode.Strictness;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * A value that the DHT stores (BEP 44). Every one that exists is small enough and canonically bencoded; those that come from
 * strangers are made by {@code check}, which verifies signatures too.
 */
public sealed interface DhtItem {

    /** The longest value that nodes store, bencoded, in bytes. */
    int MAX_VALUE = 1000;

    /** The longest salt, in bytes. */
    int MAX_SALT = 64;

    /** The bencoded value. */
    Bytes value();

    /** Under which place it is stored. */
    NodeId target();

    /** The value, decoded. */
    default BencodeValue decoded() {
        return switch (BencodeDecoder.decode(value().toBytes(), Strictness.STRICT)) {
            case Decoding.Decoded<BencodeValue>(var value) -> value;
            case Decoding.NeedMore<BencodeValue> _, Decoding.Malformed<BencodeValue> _ ->
                throw new AssertionError("checked when the item was made");
        };
    }

    /** A value whose hash is its place, and which can therefore never change. */
    record Immutable(Bytes value) implements DhtItem {
        public Immutable {
            require(fault(value));
        }

        @Override
        public NodeId target() {
            return sha1(value, Bytes.EMPTY);
        }
    }

    /**
     * A value at the place of a key, which whoever has the private one may replace.
     *
     * @param key an Ed25519 public key, 32 bytes
     * @param salt tells several items of one key apart; empty for none
     * @param seq greater with each change, not negative
     * @param signature 64 bytes, over salt, number and value
     */
    record Mutable(Bytes key, Bytes salt, long seq, Bytes value, Bytes signature) implements DhtItem {
        public Mutable {
            require(faultOfForm(key, salt, seq, value, signature));
        }

        /**
         * Signs a value.
         *
         * @param keys of Ed25519
         * @throws IllegalArgumentException if the keys are of another kind, or value or salt are too long
         */
        public static Mutable sign(KeyPair keys, Bytes salt, long seq, BencodeValue value) {
            Bytes bencoded = Bytes.of(BencodeEncoder.encode(value));
            byte[] signature = Ed25519.sign(keys.getPrivate(), toSign(salt, seq, bencoded));
            return new Mutable(publicKey(keys), salt, seq, bencoded, Bytes.of(signature));
        }

        /** The 32 bytes of a pair's public key, as the DHT writes it. */
        public static Bytes publicKey(KeyPair keys) {
            return Bytes.of(Ed25519.raw(keys.getPublic()));
        }

        /** Whether the signature is the key's. Costs a thousand times more than a hash. */
        public boolean isSigned() {
            return Ed25519.verify(key.content, toSign(salt, seq, value), signature.content);
        }

        @Override
        public NodeId target() {
            return target(key, salt);
        }

        /** Where the items of a key and a salt are. */
        public static NodeId target(Bytes key, Bytes salt) {
            return sha1(key, salt);
        }
    }

    /** An immutable item of this value; {@link IllegalArgumentException} if it is too long. */
    static Immutable immutable(BencodeValue value) {
        return new Immutable(Bytes.of(BencodeEncoder.encode(value)));
    }

    /** Makes an item of what a put asks to be stored, or says why it is none. */
    static Checked check(Question.Put put) {
        Question.Signed signed = put.signed();
        if (signed == null) {
            Optional<KrpcError> fault = fault(put.value());
            return fault.isPresent() ? new Checked.Faulty(fault.get()) : new Checked.Whole(new Immutable(put.value()));
        }
        Optional<KrpcError> fault =
                faultOfForm(signed.key(), signed.salt(), signed.seq(), put.value(), signed.signature());
        if (fault.isPresent()) {
            return new Checked.Faulty(fault.get());
        }
        Mutable item = new Mutable(signed.key(), signed.salt(), signed.seq(), put.value(), signed.signature());
        return item.isSigned() ? new Checked.Whole(item) : new Checked.Faulty(KrpcError.BAD_SIGNATURE);
    }

    /**
     * Makes an item of an answer to a get, if it is whole and belongs at the place that was asked for.
     *
     * @param salt of the mutable item that is looked for; empty for none
     */
    static Optional<DhtItem> check(Results.Item item, NodeId target, Bytes salt) {
        Bytes value = item.value();
        Bytes key = item.key();
        Bytes signature = item.signature();
        Long seq = item.seq();
        if (value == null) {
            return Optional.empty();
        }
        if (key == null || signature == null || seq == null) {
            return sha1(value, Bytes.EMPTY).equals(target) && fault(value).isEmpty()
                    ? Optional.of(new Immutable(value))
                    : Optional.empty();
        }
        // The signature last, since it is what costs.
        if (!Mutable.target(key, salt).equals(target)
                || faultOfForm(key, salt, seq, value, signature).isPresent()) {
            return Optional.empty();
        }
        Mutable mutable = new Mutable(key, salt, seq, value, signature);
        return mutable.isSigned() ? Optional.of(mutable) : Optional.empty();
    }

    /** What came of checking a put. */
    sealed interface Checked {
        record Whole(DhtItem item) implements Checked {}

        record Faulty(KrpcError error) implements Checked {}
    }

    /** What is signed (BEP 44, "signature verification"). */
    static byte[] toSign(Bytes salt, long seq, Bytes value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!salt.isEmpty()) {
            out.writeBytes(ascii("4:salt" + salt.length() + ":"));
            out.writeBytes(salt.content);
        }
        out.writeBytes(ascii("3:seqi" + seq + "e1:v"));
        out.writeBytes(value.content);
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Optional<KrpcError> fault(Bytes value) {
        if (value.length() > MAX_VALUE) {
            return Optional.of(KrpcError.VALUE_TOO_BIG);
        }
        // BEP 44, "messages": what is not bencoded canonically MUST be rejected with code 203.
        return BencodeDecoder.decode(value.content, Strictness.STRICT) instanceof Decoding.Decoded<BencodeValue>
                ? Optional.empty()
                : Optional.of(KrpcError.PROTOCOL);
    }

    /** What is wrong with a mutable item but for the signature not being the key's. */
    private static Optional<KrpcError> faultOfForm(Bytes key, Bytes salt, long seq, Bytes value, Bytes signature) {
        if (salt.length() > MAX_SALT) {
            return Optional.of(KrpcError.SALT_TOO_BIG);
        }
        Optional<KrpcError> fault = fault(value);
        if (fault.isPresent()) {
            return fault;
        }
        if (key.length() != Ed25519.KEY_LENGTH || signature.length() != Ed25519.SIGNATURE_LENGTH) {
            return Optional.of(KrpcError.BAD_SIGNATURE);
        }
        return seq < 0 ? Optional.of(KrpcError.PROTOCOL) : Optional.empty();
    }

    private static void require(Optional<KrpcError> fault) {
        if (fault.isPresent()) {
            throw new IllegalArgumentException("not an item: " + fault.get().text());
        }
    }

    private static NodeId sha1(Bytes first, Bytes second) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(first.content);
            return NodeId.of(sha1.digest(second.content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-1", e);
        }
    }
}
