package dev.spate.engine;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An operation of the library that could not be carried out. The message names the operation, its subject and the remedy.
 *
 * <p>Bad input from peers and trackers never comes this way; it costs a connection and becomes an {@link Event}.
 */
public abstract sealed class SpateException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private SpateException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What could not be done, to what, why, and what to do about it; for a person. */
    @Override
    public final String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** No socket could be opened at an address that peers should reach. */
    public static final class CannotListen extends SpateException {
        private static final long serialVersionUID = 1;

        /** Where. */
        private final InetSocketAddress address;

        CannotListen(InetSocketAddress address, Throwable cause) {
            super(
                    "cannot listen at " + address.getAddress().getHostAddress() + " port " + address.getPort() + ": "
                            + cause.getMessage() + "; choose another address or port, or end the program that has it",
                    cause);
            this.address = address;
        }

        /** The address that could not be had. */
        public InetSocketAddress address() {
            return address;
        }
    }

    /** The network interface that everything is to be bound to is not there. */
    public static final class NoInterface extends SpateException {
        private static final long serialVersionUID = 1;

        NoInterface(String name, Throwable cause) {
            super(
                    "cannot bind to " + name + ": " + cause.getMessage() + "; check its name, and whether it is up",
                    cause);
        }
    }

    /** The proxy that everything is to go through has no address. */
    public static final class NoProxy extends SpateException {
        private static final long serialVersionUID = 1;

        NoProxy(String host, Throwable cause) {
            super("the proxy " + host + " has no address; check its name", cause);
        }
    }

    /** The torrent is of a kind that this version does not transfer. */
    public static final class Unsupported extends SpateException {
        private static final long serialVersionUID = 1;

        Unsupported(String message) {
            super(message, null);
        }
    }

    /** The session has this info-hash already. */
    public static final class Duplicate extends SpateException {
        private static final long serialVersionUID = 1;

        Duplicate(String message) {
            super(message, null);
        }
    }

    /** The files of a torrent could not be read, written or made. */
    public static final class Storage extends SpateException {
        private static final long serialVersionUID = 1;

        /** Of what kind. */
        private final StorageTrouble trouble;

        Storage(StorageTrouble trouble, String message, @Nullable Throwable cause) {
            super(message, cause);
            this.trouble = trouble;
        }

        /** What kind of trouble it is; the message says which file and what to do. */
        public StorageTrouble trouble() {
            return trouble;
        }
    }

    /** A tracker that the user asked himself did not answer, or refused. */
    public static final class TrackerRefused extends SpateException {
        private static final long serialVersionUID = 1;

        TrackerRefused(String url, String reason) {
            super("the tracker " + url + " gave no answer: " + reason, null);
        }
    }

    /** What was asked for cannot be done with this torrent, or not at this moment; nothing was changed. */
    public static final class Refused extends SpateException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message, null);
        }
    }

    /** The session or torrent is no more. */
    public static final class Closed extends SpateException {
        private static final long serialVersionUID = 1;

        Closed(String what) {
            super(what + " is closed", null);
        }
    }
}
