package dev.spate.io.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads the body of an HTTP/1.1 answer: framing (RFC 9112, section 6), gzip, and a bound on what comes of both. */
final class AnswerBody {
    /** So much longer than its content a body may be: the frames of chunks and of gzip, and gzip members without content. */
    private static final int SLACK = 64 * 1024;

    private AnswerBody() {}

    static byte[] read(AnswerHead head, InputStream in, int maxBytes) throws IOException {
        if (head.status() == 204 || head.status() == 304) {
            return new byte[0];
        }
        InputStream framed = framed(head, new Bounded(in, (long) maxBytes + SLACK), maxBytes);
        String coding = head.header("Content-Encoding").orElse("identity").toLowerCase(Locale.ROOT);
        try {
            byte[] body = switch (coding) {
                case "gzip", "x-gzip" -> gunzip(framed, maxBytes);
                case "identity", "" -> framed.readNBytes(maxBytes + 1);
                default ->
                    throw new HttpFailure(
                            HttpFailure.Reason.BAD_ANSWER, "the answer is in an unknown coding: " + coding);
            };
            if (body.length > maxBytes) {
                throw tooLarge(maxBytes);
            }
            return body;
        } catch (ZipException e) {
            throw new HttpFailure(HttpFailure.Reason.BAD_ANSWER, "the answer's gzip data is broken", e);
        }
    }

    private static byte[] gunzip(InputStream framed, int maxBytes) throws IOException {
        int first = framed.read();
        if (first < 0) {
            // Some servers announce gzip for nothing at all.
            return new byte[0];
        }
        try {
            return new GZIPInputStream(new Prefixed(first, framed)).readNBytes(maxBytes + 1);
        } catch (EOFException e) {
            throw e.getMessage() == null ? new EOFException("the connection ended within the answer's gzip data") : e;
        }
    }

    private static InputStream framed(AnswerHead head, InputStream in, int maxBytes) throws IOException {
        String transfer = head.header("Transfer-Encoding").orElse("");
        if (!transfer.isEmpty()) {
            if (!transfer.toLowerCase(Locale.ROOT).equals("chunked")) {
                throw new HttpFailure(
                        HttpFailure.Reason.BAD_ANSWER, "the answer is in an unknown transfer coding: " + transfer);
            }
            return new Chunked(in);
        }
        String length = head.header("Content-Length").orElse("");
        if (length.isEmpty()) {
            return in;
        }
        if (!length.matches("[0-9]{1,18}")) {
            throw new HttpFailure(HttpFailure.Reason.BAD_ANSWER, "the answer has no length: " + length);
        }
        if (Long.parseLong(length) > (long) maxBytes + SLACK) {
            throw tooLarge(maxBytes);
        }
        return new Fixed(in, Long.parseLong(length));
    }

    private static HttpFailure tooLarge(int maxBytes) {
        return new HttpFailure(
                HttpFailure.Reason.TOO_LARGE, "the answer is larger than the " + maxBytes + " bytes that are allowed");
    }

    /** Exactly so many bytes; an earlier end is an error. */
    private static final class Fixed extends InputStream {
        private final InputStream in;
        private long left;

        Fixed(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(into, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the connection ended " + left + " bytes early");
            }
            left -= count;
            return count;
        }
    }

    /** RFC 9112, section 7.1. */
    private static final class Chunked extends InputStream {
        private static final int MAX_LINE = 4096;
        private static final int MAX_TRAILERS = 100;

        private final InputStream in;
        private long left;
        private boolean begun;
        private boolean ended;

        Chunked(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0 && !ended) {
                nextChunk();
            }
            if (ended) {
                return -1;
            }
            int count = in.read(into, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the connection ended within a chunk");
            }
            left -= count;
            return count;
        }

        private void nextChunk() throws IOException {
            if (begun && !AnswerHead.readLine(in, 2).isEmpty()) {
                throw new HttpFailure(HttpFailure.Reason.BAD_ANSWER, "a chunk does not end where it should");
            }
            begun = true;
            String line = AnswerHead.readLine(in, MAX_LINE);
            int extension = line.indexOf(';');
            String size = (extension < 0 ? line : line.substring(0, extension)).strip();
            if (!size.matches("[0-9a-fA-F]{1,15}")) {
                throw new HttpFailure(HttpFailure.Reason.BAD_ANSWER, "a chunk has no size");
            }
            left = Long.parseLong(size, 16);
            if (left == 0) {
                ended = true;
                for (int i = 0;
                        i < MAX_TRAILERS && !AnswerHead.readLine(in, MAX_LINE).isEmpty();
                        i++) {}
            }
        }
    }

    /** Fails when more than so many bytes come, however little comes of them. */
    private static final class Bounded extends InputStream {
        private final InputStream in;
        private final long max;
        private long count;

        Bounded(InputStream in, long max) {
            this.in = in;
            this.max = max;
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            count(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = in.read(into, offset, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int bytes) throws HttpFailure {
            count += bytes;
            if (count > max) {
                throw tooLarge((int) (max - SLACK));
            }
        }
    }

    /** A stream of which the first byte was read already. */
    private static final class Prefixed extends InputStream {
        private final InputStream in;
        private int first;

        Prefixed(int first, InputStream in) {
            this.first = first;
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int b = first;
            first = -1;
            return b >= 0 ? b : in.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (first < 0 || length == 0) {
                return in.read(into, offset, length);
            }
            into[offset] = (byte) first;
            first = -1;
            return 1;
        }
    }
}
