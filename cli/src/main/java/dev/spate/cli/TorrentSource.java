package dev.spate.cli;

import dev.spate.engine.Version;
import dev.spate.io.http.HttpAnswer;
import dev.spate.io.http.HttpFailure;
import dev.spate.io.http.HttpGet;
import dev.spate.io.http.HttpLimits;
import dev.spate.io.http.HttpSettings;
import dev.spate.wire.Decoding;
import dev.spate.wire.PlainText;
import dev.spate.wire.metainfo.Magnet;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where a metainfo comes from: a file, or a URL of one. */
final class TorrentSource {

    private static final HttpLimits LIMITS = new HttpLimits(Metainfo.MAX_LENGTH, 5, Duration.ofSeconds(60));
    private static final String HOW_TO_GET = "Get the .torrent file with: spate get --metadata-only MAGNET";

    private static final Pattern INFO_HASH = Pattern.compile("[0-9a-fA-F]{40}|[a-zA-Z2-7]{32}");

    private TorrentSource() {}

    /** Whether it is given as a URL and not as a path. */
    static boolean isUrl(String source) {
        String lower = source.toLowerCase(Locale.ROOT);
        return lower.startsWith("http://") || lower.startsWith("https://");
    }

    private static boolean isMagnet(String source) {
        return source.regionMatches(true, 0, "magnet:", 0, 7);
    }

    /**
     * The magnet link that is meant: itself, or an info-hash as 40 hexadecimal or 32 base32 digits, unless a file has that name.
     *
     * @return empty if something else is meant
     */
    static Optional<Magnet> magnet(String source) throws CommandFailure {
        boolean link = isMagnet(source);
        if (!link && (!INFO_HASH.matcher(source).matches() || Files.exists(Path.of(source)))) {
            return Optional.empty();
        }
        return switch (Magnet.parse(link ? source : "magnet:?xt=urn:btih:" + source)) {
            case Decoding.Decoded<Magnet>(var magnet) -> Optional.of(magnet);
            case Decoding.NeedMore<Magnet> cut -> throw badMagnet("it ends early");
            case Decoding.Malformed<Magnet> malformed -> throw badMagnet(malformed.toString());
        };
    }

    private static CommandFailure badMagnet(String reason) {
        return new CommandFailure(
                ExitCode.BAD_TORRENT,
                "this is not a magnet link that can be used: " + PlainText.of(reason, 500),
                "Check that it was copied as a whole, and put it in quotes, because of its & signs.");
    }

    /** Reads and validates a metainfo; a URL is fetched without a proxy. */
    static Metainfo read(String source) throws CommandFailure {
        return read(source, HttpSettings.direct(Version.USER_AGENT));
    }

    /** Reads and validates a metainfo. */
    static Metainfo read(String source, HttpSettings how) throws CommandFailure {
        if (isMagnet(source)) {
            throw new CommandFailure(
                    ExitCode.UNSUPPORTED, "this is a magnet link, and this command needs a .torrent file", HOW_TO_GET);
        }
        return decoded(source, isUrl(source) ? fetch(source, how) : bytes(Path.of(source)));
    }

    /** Reads and validates a torrent file. */
    static Metainfo read(Path file) throws CommandFailure {
        return decoded(file.toString(), bytes(file));
    }

    private static Metainfo decoded(String source, byte[] bytes) throws CommandFailure {
        return switch (Metainfo.decode(bytes)) {
            case Decoding.Decoded<Metainfo>(var metainfo) -> metainfo;
            case Decoding.NeedMore<Metainfo> cut -> throw bad(source, "it ends early");
            case Decoding.Malformed<Metainfo> malformed -> throw bad(source, malformed.toString());
        };
    }

    private static CommandFailure bad(String source, String reason) {
        return new CommandFailure(
                ExitCode.BAD_TORRENT,
                shown(source) + " is not a torrent that can be used: " + PlainText.of(reason, 500),
                "Check that it is a complete .torrent file; get it again if it is not.");
    }

    private static byte[] bytes(Path file) throws CommandFailure {
        try {
            if (Files.isDirectory(file)) {
                throw new CommandFailure(
                        ExitCode.BAD_TORRENT,
                        shown(file) + " is a folder, not a torrent file",
                        "Name a .torrent file.");
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(Metainfo.MAX_LENGTH + 1);
                if (bytes.length > Metainfo.MAX_LENGTH) {
                    throw bad(file.toString(), "it is longer than 32 MiB");
                }
                return bytes;
            }
        } catch (NoSuchFileException e) {
            throw new CommandFailure(ExitCode.NOT_FOUND, "there is no file " + shown(file), "Check the path.");
        } catch (AccessDeniedException e) {
            throw new CommandFailure(
                    ExitCode.NOT_PERMITTED, shown(file) + " may not be read", "Change its permissions.");
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.FILE_TROUBLE, "cannot read " + shown(file) + ": " + e.getMessage(), "Check the disk.");
        }
    }

    private static byte[] fetch(String url, HttpSettings how) throws CommandFailure {
        try (var http = new HttpGet(how)) {
            HttpAnswer answer = http.get(url, LIMITS);
            if (!answer.isSuccess()) {
                throw new CommandFailure(
                        answer.status() == 404 || answer.status() == 410 ? ExitCode.NOT_FOUND : ExitCode.UNREACHABLE,
                        "the server answered with status " + answer.status() + " instead of a torrent",
                        "Check the URL.");
            }
            return answer.body();
        } catch (HttpFailure e) {
            throw new CommandFailure(
                    e.reason() == HttpFailure.Reason.NAME_UNKNOWN || e.reason() == HttpFailure.Reason.BAD_URL
                            ? ExitCode.NOT_FOUND
                            : ExitCode.UNREACHABLE,
                    "cannot get the torrent: " + e.getMessage(),
                    "Check the URL and your connection.");
        }
    }

    static String shown(Path path) {
        return shown(path.toString());
    }

    private static String shown(String source) {
        return PlainText.of(source, 300);
    }
}
