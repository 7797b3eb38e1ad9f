package dev.spate.io.http;

import java.util.Optional;
import java.util.SortedMap;

/** What a server answered, whatever its status. */
public final class HttpAnswer {
    private final String url;
    private final AnswerHead head;
    private final byte[] body;

    HttpAnswer(String url, AnswerHead head, byte[] body) {
        this.url = url;
        this.head = head;
        this.body = body;
    }

    /** Where the answer came from, after redirects; without user and password. */
    public String url() {
        return url;
    }

    /** 200 to 599; redirects that were followed are not seen. */
    public int status() {
        return head.status();
    }

    /** Whether the status is 2xx. */
    public boolean isSuccess() {
        return status() / 100 == 2;
    }

    /** The value of a header, whose name is given in any case; several of one name are joined by {@code ", "}. */
    public Optional<String> header(String name) {
        return head.header(name);
    }

    /** All headers, by name without regard to case. */
    public SortedMap<String, String> headers() {
        return head.headers();
    }

    /** The body, decompressed; the array itself, not a copy. */
    public byte[] body() {
        return body;
    }

    @Override
    public String toString() {
        return status() + ", " + body.length + " bytes";
    }
}
