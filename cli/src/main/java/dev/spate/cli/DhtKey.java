package dev.spate.cli;

import dev.spate.wire.dht.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The key under which something is stored in the DHT: a file with a pair of Ed25519 keys as PEM. */
final class DhtKey {
    private static final String ALGORITHM = "Ed25519";

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The file with the pair of keys (Ed25519, PEM); made if there is none. Keep it secret.")
    private @Nullable Path file;

    @Option(names = "--salt", paramLabel = "TEXT", description = "Tells the items of one key apart; up to 64 bytes.")
    private String salt = "";

    Bytes salt() throws CommandFailure {
        Bytes bytes = Bytes.of(salt.getBytes(StandardCharsets.UTF_8));
        if (bytes.length() > 64) {
            throw new CommandFailure(ExitCode.USAGE, "the salt has " + bytes.length() + " bytes", "Write up to 64.");
        }
        return bytes;
    }

    /** The keys of the file, or new ones that are written there; null if no file was named. */
    @Nullable
    KeyPair pair() throws CommandFailure {
        if (file == null) {
            return null;
        }
        try {
            return read(Files.readString(file));
        } catch (NoSuchFileException e) {
            return make(file);
        } catch (IOException e) {
            throw unusable(file, String.valueOf(e.getMessage()));
        }
    }

    private KeyPair read(String pem) throws CommandFailure {
        Optional<byte[]> secret = block(pem, "PRIVATE KEY");
        Optional<byte[]> open = block(pem, "PUBLIC KEY");
        if (secret.isEmpty() || open.isEmpty()) {
            throw unusable(file, "it has not both a PRIVATE KEY and a PUBLIC KEY");
        }
        try {
            KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
            return new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(open.get())),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(secret.get())));
        } catch (GeneralSecurityException e) {
            throw unusable(file, "its keys are not of Ed25519");
        }
    }

    private static KeyPair make(Path file) throws CommandFailure {
        try {
            KeyPair keys = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            String pem = pem("PRIVATE KEY", keys.getPrivate().getEncoded())
                    + pem("PUBLIC KEY", keys.getPublic().getEncoded());
            if (Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, pem, StandardOpenOption.CREATE);
            return keys;
        } catch (IOException e) {
            throw unusable(file, String.valueOf(e.getMessage()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    private static CommandFailure unusable(@Nullable Path file, String why) {
        return new CommandFailure(
                ExitCode.FILE_TROUBLE,
                "no keys from " + file + ": " + why,
                "Name a file that does not exist yet, and it is made.");
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + kind + "-----\n";
    }

    private static Optional<byte[]> block(String pem, String kind) {
        Matcher matcher = Pattern.compile("-----BEGIN " + kind + "-----([A-Za-z0-9+/=\\s]*)-----END " + kind + "-----")
                .matcher(pem);
        try {
            return matcher.find() ? Optional.of(Base64.getMimeDecoder().decode(matcher.group(1))) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
