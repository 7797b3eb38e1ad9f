package dev.spate.io.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of SOCKS5: RFC 1928, with the user name and password of RFC 1929.
 *
 * <pre>
 *   METHOD --no login--------------------------> REPLY --> done
 *      \--user and password--> LOGIN --accepted--/
 * </pre>
 */
public final class Socks5Handshake implements ProxyHandshake {

    /** What is asked for. */
    public enum Command {
        CONNECT(1),
        /** A place for datagrams, which lives as long as the connection over which it was asked for. */
        UDP_ASSOCIATE(3);

        private final int code;

        Command(int code) {
            this.code = code;
        }
    }

    private enum State {
        METHOD,
        LOGIN,
        REPLY
    }

    private static final int VERSION = 5;
    private static final int LOGIN_VERSION = 1;
    private static final int NO_LOGIN = 0;
    private static final int USER_AND_PASSWORD = 2;
    private static final int METHOD_LENGTH = 2;
    private static final int REPLY_HEAD = 3;

    private final Command command;
    private final byte[] request;
    private final byte @Nullable [] login;
    private final ByteBuffer answer = ByteBuffer.allocate(REPLY_HEAD + Socks5Address.MAX_LENGTH);
    private State state = State.METHOD;

    /**
     * A handshake that has not begun.
     *
     * @param host a name or a numeric address; for an association {@code 0.0.0.0}, for we do not know from where we shall send
     * @throws IllegalArgumentException if the name is longer than 255 bytes
     */
    public Socks5Handshake(Command command, String host, int port, ProxySettings.@Nullable Credentials credentials) {
        this.command = command;
        ByteBuffer bytes = ByteBuffer.allocate(REPLY_HEAD + Socks5Address.MAX_LENGTH);
        bytes.put((byte) VERSION).put((byte) command.code).put((byte) 0);
        Socks5Address.write(host, port, bytes);
        this.request = Arrays.copyOf(bytes.array(), bytes.position());
        this.login = credentials == null ? null : login(credentials);
    }

    private static byte[] login(ProxySettings.Credentials credentials) {
        byte[] user = credentials.user().getBytes(StandardCharsets.UTF_8);
        byte[] password = credentials.password().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(3 + user.length + password.length)
                .put((byte) LOGIN_VERSION)
                .put((byte) user.length)
                .put(user)
                .put((byte) password.length)
                .put(password)
                .array();
    }

    @Override
    public byte[] begin() {
        return login == null ? new byte[] {VERSION, 1, NO_LOGIN} : new byte[] {VERSION, 2, NO_LOGIN, USER_AND_PASSWORD};
    }

    @Override
    public Step received(ByteBuffer bytes) {
        return switch (state) {
            case METHOD -> take(bytes, METHOD_LENGTH) ? method() : new Step.More();
            case LOGIN -> take(bytes, METHOD_LENGTH) ? loggedIn() : new Step.More();
            case REPLY -> reply(bytes);
        };
    }

    /** Takes bytes until the answer has so many; whether it has. */
    private boolean take(ByteBuffer bytes, int length) {
        while (answer.position() < length && bytes.hasRemaining()) {
            answer.put(bytes.get());
        }
        return answer.position() == length;
    }

    private Step method() {
        int version = answer.get(0);
        int method = answer.get(1);
        answer.clear();
        if (version != VERSION) {
            return refused("it does not speak SOCKS5");
        }
        byte[] mine = login;
        if (method == USER_AND_PASSWORD && mine != null) {
            state = State.LOGIN;
            return new Step.Send(ByteBuffer.wrap(mine));
        }
        if (method != NO_LOGIN) {
            return refused(mine == null ? "it wants a user name and password" : "it wants another way to log in");
        }
        state = State.REPLY;
        return new Step.Send(ByteBuffer.wrap(request));
    }

    private Step loggedIn() {
        boolean accepted = answer.get(1) == 0;
        answer.clear();
        if (!accepted) {
            return refused("it does not accept the user name and password");
        }
        state = State.REPLY;
        return new Step.Send(ByteBuffer.wrap(request));
    }

    private Step reply(ByteBuffer bytes) {
        // Version and reply come first: after a refusal some proxies send nothing more.
        if (answer.position() < METHOD_LENGTH && !take(bytes, METHOD_LENGTH)) {
            return new Step.More();
        }
        if (answer.get(0) != VERSION) {
            return refused("it does not speak SOCKS5");
        }
        if (answer.get(1) != 0) {
            return refused(meaning(Byte.toUnsignedInt(answer.get(1))));
        }
        int length = boundLength();
        while (length == 0) {
            if (!take(bytes, answer.position() + 1)) {
                return new Step.More();
            }
            length = boundLength();
        }
        if (length < 0) {
            return refused("its answer makes no sense");
        }
        return take(bytes, REPLY_HEAD + length)
                ? new Step.Done(Socks5Address.read(answer.flip().position(REPLY_HEAD)))
                : new Step.More();
    }

    /** As {@link Socks5Address#length}, of the address in the answer so far. */
    private int boundLength() {
        return answer.position() <= REPLY_HEAD
                ? 0
                : Socks5Address.length(answer.duplicate().flip().position(REPLY_HEAD));
    }

    /** Whether the proxy has let us in, so that a refusal is one of what we asked for. */
    public boolean isLoggedIn() {
        return state == State.REPLY;
    }

    private Step refused(String why) {
        return new Step.Refused(switch (command) {
                    case CONNECT -> "the SOCKS5 proxy will not connect: ";
                    case UDP_ASSOCIATE -> "the SOCKS5 proxy will not carry UDP: ";
                }
                + why);
    }

    /** RFC 1928, section 6. */
    private static String meaning(int reply) {
        return switch (reply) {
            case 1 -> "it failed";
            case 2 -> "its rules forbid it";
            case 3 -> "the network is unreachable";
            case 4 -> "the host is unreachable";
            case 5 -> "the connection was refused";
            case 6 -> "the time ran out";
            case 7 -> "it does not know how";
            case 8 -> "it does not know this kind of address";
            default -> "it says " + reply;
        };
    }
}
