package dev.spate.wire.dht;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** The JDK's Ed25519 with keys as the DHT writes them: 32 bytes and nothing else. */
final class Ed25519 {
    static final int KEY_LENGTH = 32;
    static final int SIGNATURE_LENGTH = 64;

    /** What stands before the 32 bytes in a SubjectPublicKeyInfo (RFC 8410, section 4). */
    private static final byte[] HEADER = HexFormat.of().parseHex("302a300506032b6570032100");

    private Ed25519() {}

    /** Whether the signature is one of the key's; false as well for a key that is none. */
    static boolean verify(byte[] key, byte[] message, byte[] signature) {
        if (key.length != KEY_LENGTH || signature.length != SIGNATURE_LENGTH) {
            return false;
        }
        byte[] encoded = Arrays.copyOf(HEADER, HEADER.length + KEY_LENGTH);
        System.arraycopy(key, 0, encoded, HEADER.length, KEY_LENGTH);
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
            verifier.update(message);
            return verifier.verify(signature);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Java 15 and later have Ed25519", e);
        } catch (GeneralSecurityException notOnTheCurve) {
            return false;
        }
    }

    static byte[] sign(PrivateKey key, byte[] message) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(key);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 key", e);
        }
    }

    /** The 32 bytes of a public key. */
    static byte[] raw(PublicKey key) {
        byte[] encoded = key.getEncoded();
        if (encoded == null
                || encoded.length != HEADER.length + KEY_LENGTH
                || !Arrays.equals(encoded, 0, HEADER.length, HEADER, 0, HEADER.length)) {
            throw new IllegalArgumentException("not an Ed25519 key");
        }
        return Arrays.copyOfRange(encoded, HEADER.length, encoded.length);
    }
}
