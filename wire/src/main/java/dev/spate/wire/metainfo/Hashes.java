package dev.spate.wire.metainfo;

import dev.spate.wire.Digest;
import dev.spate.wire.bencode.Span;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The two hash functions of BitTorrent, which every Java platform must have. */
final class Hashes {
    private Hashes() {}

    static MessageDigest sha1() {
        return of("SHA-1");
    }

    static MessageDigest sha256() {
        return of("SHA-256");
    }

    static Digest digest(MessageDigest function, byte[] bytes, Span span) {
        function.update(bytes, span.offset(), span.length());
        return Digest.of(function.digest());
    }

    private static MessageDigest of(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + name, e);
        }
    }
}
