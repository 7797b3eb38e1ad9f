package dev.spate.io.http;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The client's side of SOCKS5: RFC 1928, {@code CONNECT} only, with the user name and password of RFC 1929. */
final class Socks5 {
    private static final int VERSION = 5;
    private static final int NO_AUTHENTICATION = 0;
    private static final int USER_AND_PASSWORD = 2;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;

    private Socks5() {}

    /**
     * Makes the proxy connect to {@code host}, which it looks up itself. Afterwards the streams lead there.
     *
     * @param in not buffered, so that nothing behind the proxy's answer is taken
     */
    static void connect(
            InputStream in, OutputStream out, String host, int port, ProxySettings.@Nullable Credentials credentials)
            throws IOException {
        var input = new DataInputStream(in);
        var output = new DataOutputStream(out);
        chooseMethod(input, output, credentials);
        // The name travels as a name, literals too: all proxies understand them there, and nothing is looked up here.
        byte[] name = part(host, "the host");
        output.write(new byte[] {VERSION, CONNECT, 0, NAME, (byte) name.length});
        output.write(name);
        output.writeShort(port);
        output.flush();
        readAnswer(input);
    }

    private static void chooseMethod(
            DataInputStream input, DataOutputStream output, ProxySettings.@Nullable Credentials credentials)
            throws IOException {
        output.write(
                credentials == null
                        ? new byte[] {VERSION, 1, NO_AUTHENTICATION}
                        : new byte[] {VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD});
        output.flush();
        requireVersion(input.readUnsignedByte());
        int method = input.readUnsignedByte();
        if (method == USER_AND_PASSWORD && credentials != null) {
            byte[] user = part(credentials.user(), "the user name");
            byte[] password = part(credentials.password(), "the password");
            output.write(1);
            output.write(user.length);
            output.write(user);
            output.write(password.length);
            output.write(password);
            output.flush();
            input.readUnsignedByte();
            if (input.readUnsignedByte() != 0) {
                throw refusal("it does not accept the user name and password");
            }
        } else if (method != NO_AUTHENTICATION) {
            throw refusal(credentials == null ? "it wants a user name and password" : "it wants another way to log in");
        }
    }

    private static void readAnswer(DataInputStream input) throws IOException {
        requireVersion(input.readUnsignedByte());
        int reply = input.readUnsignedByte();
        if (reply != 0) {
            throw refusal(meaning(reply));
        }
        input.readUnsignedByte();
        int bound = switch (input.readUnsignedByte()) {
            case IPV4 -> 4;
            case IPV6 -> 16;
            case NAME -> input.readUnsignedByte();
            default -> throw refusal("its answer makes no sense");
        };
        input.readFully(new byte[bound + 2]);
    }

    private static void requireVersion(int version) throws HttpFailure {
        if (version != VERSION) {
            throw refusal("it does not speak SOCKS5");
        }
    }

    private static byte[] part(String text, String what) throws HttpFailure {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > 255) {
            throw refusal(what + " has " + bytes.length + " bytes, it takes 1 to 255");
        }
        return bytes;
    }

    private static HttpFailure refusal(String why) {
        return new HttpFailure(HttpFailure.Reason.PROXY, "the SOCKS5 proxy will not connect: " + why);
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
            case 7 -> "it does not know CONNECT";
            case 8 -> "it does not know this kind of address";
            default -> "it says " + reply;
        };
    }
}
