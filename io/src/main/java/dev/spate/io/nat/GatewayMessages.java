package dev.spate.io.nat;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The datagrams of PCP (RFC 6887) and of its older brother NAT-PMP (RFC 6886), which share a port. */
final class GatewayMessages {
    static final int PORT = 5351;

    /** Bytes of the longest that we send or read. */
    static final int MAX_LENGTH = 1100;

    static final int NONCE_LENGTH = 12;

    private static final int PCP_VERSION = 2;
    private static final int PCP_MAP = 1;
    private static final int PCP_LENGTH = 60;
    private static final int NAT_PMP_VERSION = 0;
    private static final int NAT_PMP_ADDRESS = 0;
    private static final int IS_ANSWER = 0x80;

    /** What a gateway said. Seconds are those of its own clock, since it lost its mappings last. */
    sealed interface Answer {
        /** A port is mapped, or its mapping deleted where the lifetime is 0. */
        record Mapped(
                boolean isPcp,
                Wanted wanted,
                int externalPort,
                @Nullable InetAddress externalAddress,
                long lifetimeSeconds,
                long epochSeconds)
                implements Answer {}

        /** NAT-PMP: the gateway's own address. */
        record Address(InetAddress externalAddress, long epochSeconds) implements Answer {}

        /** The gateway does not speak PCP, but NAT-PMP. */
        record OnlyNatPmp() implements Answer {}

        /** It refuses; {@code wanted} is null where it does not say what. */
        record Refused(@Nullable Wanted wanted, String reason) implements Answer {}
    }

    private GatewayMessages() {}

    /** RFC 6887, sections 7.1 and 11.1; a lifetime of 0 deletes. */
    static void writePcpMap(
            Wanted wanted, InetAddress client, byte[] nonce, int externalPort, int lifetimeSeconds, ByteBuffer to) {
        to.put((byte) PCP_VERSION).put((byte) PCP_MAP).putShort((short) 0).putInt(lifetimeSeconds);
        to.put(mapped(client));
        to.put(nonce).put((byte) wanted.transport().protocol).put(new byte[3]);
        to.putShort((short) wanted.port()).putShort((short) externalPort);
        // All zeros, of the client's family: any address will do.
        to.put(client instanceof Inet4Address ? mapped(anyIpv4()) : new byte[16]);
    }

    /** RFC 6886, section 3.3; a lifetime of 0 deletes, and then the external port is 0. */
    static void writeNatPmpMap(Wanted wanted, int externalPort, int lifetimeSeconds, ByteBuffer to) {
        to.put((byte) NAT_PMP_VERSION)
                .put((byte) wanted.transport().natPmpOpcode)
                .putShort((short) 0);
        to.putShort((short) wanted.port()).putShort((short) externalPort).putInt(lifetimeSeconds);
    }

    /** RFC 6886, section 3.2. */
    static void writeNatPmpAddress(ByteBuffer to) {
        to.put((byte) NAT_PMP_VERSION).put((byte) NAT_PMP_ADDRESS);
    }

    /**
     * Reads an answer; null for what is none, or answers nobody's question.
     *
     * @param nonce of our PCP requests; one with another nonce is another client's
     */
    static @Nullable Answer read(ByteBuffer from, byte[] nonce) {
        if (from.remaining() < 4 || (from.get(from.position() + 1) & IS_ANSWER) == 0) {
            return null;
        }
        ByteBuffer answer = from.slice();
        return switch (answer.get(0)) {
            case PCP_VERSION -> readPcp(answer, nonce);
            case NAT_PMP_VERSION -> readNatPmp(answer);
            default -> null;
        };
    }

    private static @Nullable Answer readPcp(ByteBuffer answer, byte[] nonce) {
        if ((answer.get(1) & 0x7f) != PCP_MAP || answer.remaining() < PCP_LENGTH) {
            return null;
        }
        int result = Byte.toUnsignedInt(answer.get(3));
        long lifetime = Integer.toUnsignedLong(answer.getInt(4));
        long epoch = Integer.toUnsignedLong(answer.getInt(8));
        byte[] theirNonce = new byte[NONCE_LENGTH];
        answer.get(24, theirNonce);
        Wanted wanted = wanted(answer.get(36), 6, 17, answer.getShort(40));
        if (!Arrays.equals(theirNonce, nonce) || wanted == null) {
            return null;
        }
        if (result != 0) {
            return new Answer.Refused(wanted, pcpMeaning(result));
        }
        byte[] address = new byte[16];
        answer.get(44, address);
        return new Answer.Mapped(
                true, wanted, Short.toUnsignedInt(answer.getShort(42)), address(address), lifetime, epoch);
    }

    private static @Nullable Answer readNatPmp(ByteBuffer answer) {
        int opcode = answer.get(1) & 0x7f;
        int result = Short.toUnsignedInt(answer.getShort(2));
        if (result == 1) {
            return new Answer.OnlyNatPmp();
        }
        if (opcode == NAT_PMP_ADDRESS) {
            if (result != 0 || answer.remaining() < 12) {
                return new Answer.Refused(null, natPmpMeaning(result));
            }
            byte[] address = new byte[4];
            answer.get(8, address);
            return new Answer.Address(address(address), Integer.toUnsignedLong(answer.getInt(4)));
        }
        if (answer.remaining() < 16) {
            return null;
        }
        Wanted wanted = wanted((byte) opcode, 2, 1, answer.getShort(8));
        if (wanted == null) {
            return null;
        }
        return result != 0
                ? new Answer.Refused(wanted, natPmpMeaning(result))
                : new Answer.Mapped(
                        false,
                        wanted,
                        Short.toUnsignedInt(answer.getShort(10)),
                        null,
                        Integer.toUnsignedLong(answer.getInt(12)),
                        Integer.toUnsignedLong(answer.getInt(4)));
    }

    private static @Nullable Wanted wanted(byte code, int tcp, int udp, short port) {
        if (port == 0 || (code != tcp && code != udp)) {
            return null;
        }
        return new Wanted(code == tcp ? Wanted.Transport.TCP : Wanted.Transport.UDP, Short.toUnsignedInt(port));
    }

    private static byte[] mapped(InetAddress address) {
        byte[] ip = address.getAddress();
        if (ip.length == 16) {
            return ip;
        }
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        System.arraycopy(ip, 0, mapped, 12, 4);
        return mapped;
    }

    private static InetAddress anyIpv4() {
        return address(new byte[4]);
    }

    private static InetAddress address(byte[] ip) {
        try {
            return InetAddress.getByAddress(ip);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** RFC 6887, section 7.4. */
    private static String pcpMeaning(int result) {
        return switch (result) {
            case 1 -> "the gateway speaks another version of PCP";
            case 2 -> "the gateway does not permit it";
            case 7 -> "the gateway has no network itself";
            case 8, 10 -> "the gateway has no room for more mappings";
            case 11 -> "the gateway cannot give this port";
            case 12 -> "there is another gateway between us and this one";
            default -> "the gateway says " + result;
        };
    }

    /** RFC 6886, section 3.5. */
    private static String natPmpMeaning(int result) {
        return switch (result) {
            case 2 -> "the gateway does not permit it";
            case 3 -> "the gateway has no network itself";
            case 4 -> "the gateway has no room for more mappings";
            default -> "the gateway says " + result;
        };
    }
}
