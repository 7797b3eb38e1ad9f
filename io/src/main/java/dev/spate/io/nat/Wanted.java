package dev.spate.io.nat;

/**
 * A port of this machine that the world shall reach.
 *
 * @param port 1 to 65535; the same is wished for outside
 */
public record Wanted(Transport transport, int port) {

    /** What travels to a port. */
    public enum Transport {
        TCP(6, 2),
        UDP(17, 1);

        /** IANA's number, which PCP uses. */
        final int protocol;

        /** RFC 6886, section 3.3. */
        final int natPmpOpcode;

        Transport(int protocol, int natPmpOpcode) {
            this.protocol = protocol;
            this.natPmpOpcode = natPmpOpcode;
        }
    }

    public Wanted {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
    }
}
