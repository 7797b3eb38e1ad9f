package dev.spate.io.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** There is no answer. The message says why in a sentence for a person and names the host, never the whole URL: it may hold a passkey. */
public final class HttpFailure extends IOException {
    private static final long serialVersionUID = 1;

    /** Why there is no answer. */
    public enum Reason {
        /** The URL is not one, or not of {@code http} or {@code https}. */
        BAD_URL,
        /** The name has no address. */
        NAME_UNKNOWN,
        /** The name has addresses, but none of the family that was asked for. */
        NO_SUCH_FAMILY,
        /** No address of the host took the connection. */
        UNREACHABLE,
        /** The proxy could not be reached or would not do it. */
        PROXY,
        /** The server's certificate or its TLS is not good. */
        TLS,
        /** The time is up. */
        TIMED_OUT,
        /** The answer is larger than allowed. */
        TOO_LARGE,
        /** The answer is not HTTP, or broke off. */
        BAD_ANSWER,
        /** Too many redirects, a bad one, or one to a private address. */
        REDIRECT,
        /** We were closed or interrupted meanwhile. */
        CLOSED
    }

    private final Reason reason;

    HttpFailure(Reason reason, String message) {
        this(reason, message, null);
    }

    HttpFailure(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why there is no answer. */
    public Reason reason() {
        return reason;
    }
}
