package dev.spate.io.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Status and headers of an HTTP/1.x answer (RFC 9112). */
record AnswerHead(int status, SortedMap<String, String> headers) {
    /** Larger heads are not worth reading; common servers refuse more than 8 to 64 KiB themselves. */
    private static final int MAX_BYTES = 64 * 1024;

    private static final int MAX_INTERIM = 8;

    /** Reads a head and what its empty line ends; interim answers (1xx) before it are skipped. */
    static AnswerHead read(InputStream in) throws IOException {
        for (int i = 0; i <= MAX_INTERIM; i++) {
            AnswerHead head = readOne(in);
            if (head.status >= 200) {
                return head;
            }
        }
        throw new HttpFailure(HttpFailure.Reason.BAD_ANSWER, "the server sends interim answers only");
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /**
     * A line without its end, LF or CR LF.
     *
     * @param max bytes that it may have
     */
    static String readLine(InputStream in, int max) throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended within a line");
            }
            if (line.length() >= max) {
                throw new HttpFailure(HttpFailure.Reason.BAD_ANSWER, "the answer's head is too large");
            }
            line.append((char) b);
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
    }

    private static AnswerHead readOne(InputStream in) throws IOException {
        String first = readLine(in, MAX_BYTES);
        if (!first.matches("HTTP/1\\.[0-9] [1-5][0-9][0-9]( .*)?")) {
            throw new HttpFailure(HttpFailure.Reason.BAD_ANSWER, "the answer is not HTTP");
        }
        int left = MAX_BYTES - first.length();
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        for (String line = readLine(in, left); !line.isEmpty(); line = readLine(in, left)) {
            left = Math.max(0, left - line.length() - 2);
            int colon = line.indexOf(':');
            if (colon > 0) {
                String value = utf8(line.substring(colon + 1).strip());
                headers.merge(line.substring(0, colon).strip(), value, (a, b) -> a + ", " + b);
            }
        }
        return new AnswerHead(Integer.parseInt(first.substring(9, 12)), Collections.unmodifiableSortedMap(headers));
    }

    /** Lines are read a byte a character; some servers send a redirect's address in UTF-8. */
    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
