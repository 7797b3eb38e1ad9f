package dev.spate.engine;

import dev.spate.core.filter.FilterText;
import dev.spate.core.filter.IpFilter;
import dev.spate.core.filter.IpFilterBuilder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Addresses that the user wants nothing to do with, as read from a file: eMule's {@code ipfilter.dat}, PeerGuardian's text (P2P),
 * or CIDR lists, each line in any of these forms. A value; {@link Session#setIpFilter} puts it to use.
 */
public final class IpBlockList {

    /** Bytes of a list when it is unpacked; ten times the longest of the field. */
    private static final long MAX_BYTES = 1L << 30;

    private static final int BUFFER = 1 << 16;
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final IpBlockList NONE = new IpBlockList(IpFilter.none(), 0, 0, List.of());

    private final IpFilter filter;
    private final long lines;
    private final long badLines;
    private final List<String> firstBadLines;

    private IpBlockList(IpFilter filter, long lines, long badLines, List<String> firstBadLines) {
        this.filter = filter;
        this.lines = lines;
        this.badLines = badLines;
        this.firstBadLines = firstBadLines;
    }

    /** Lets everybody through. */
    public static IpBlockList none() {
        return NONE;
    }

    /**
     * Reads a file, which may be packed with gzip. Lines that make no sense are passed over and counted.
     *
     * @throws SpateException.Storage if the file cannot be read
     */
    public static IpBlockList read(Path file) {
        var ranges = new IpFilterBuilder();
        var text = new FilterText(ranges);
        try (InputStream in = unpacked(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
            byte[] buffer = new byte[BUFFER];
            long bytes = 0;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                bytes += count;
                if (bytes > MAX_BYTES) {
                    throw new IOException("it has more than " + MAX_BYTES + " bytes");
                }
                text.read(buffer, 0, count);
            }
        } catch (IOException e) {
            throw failure(file, e);
        }
        text.end();
        List<String> bad =
                text.firstBadLines().stream().map(FilterText.BadLine::toString).toList();
        return new IpBlockList(ranges.build(), text.lines(), text.badLines(), bad);
    }

    private static InputStream unpacked(BufferedInputStream in) throws IOException {
        in.mark(2);
        int magic = in.read() << 8 | in.read();
        in.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(in, BUFFER) : in;
    }

    private static SpateException failure(Path file, IOException cause) {
        String what = "the IP filter " + file + " cannot be read: ";
        return switch (cause) {
            case NoSuchFileException missing ->
                new SpateException.Storage(
                        StorageTrouble.MISSING, what + "there is no such file; check its name", missing);
            case AccessDeniedException denied ->
                new SpateException.Storage(
                        StorageTrouble.NOT_PERMITTED, what + "access is denied; check its permissions", denied);
            default ->
                new SpateException.Storage(
                        StorageTrouble.FAILED, what + cause.getMessage() + "; get the list again", cause);
        };
    }

    IpFilter filter() {
        return filter;
    }

    /** Whether nothing is to be had from or given to this address. */
    public boolean blocks(InetAddress address) {
        return filter.blocks(address);
    }

    /** How many ranges it has after neighbours and overlaps were merged. */
    public int ranges() {
        return filter.ranges();
    }

    /** How many lines the file has, comments and empty ones included. */
    public long lines() {
        return lines;
    }

    /** How many lines could not be understood, and were passed over. */
    public long badLines() {
        return badLines;
    }

    /** The first few of those, as in {@code line 7: ...}, for a person. */
    public List<String> firstBadLines() {
        return firstBadLines;
    }
}
