package dev.spate.io.nat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the gateway of this machine's network, where the system tells it: on Linux, in its routing table. */
final class Gateways {
    private static final Path TABLE = Path.of("/proc/net/route");

    /** Linux, {@code include/uapi/linux/route.h}. */
    private static final int RTF_UP = 1;

    private static final int RTF_GATEWAY = 2;
    private static final int COLUMNS = 8;

    private Gateways() {}

    /**
     * The gateway of the default route.
     *
     * @param local an address whose interface the route must lead over; null for any
     */
    static Optional<InetAddress> find(@Nullable InetAddress local) {
        try {
            NetworkInterface over = local == null ? null : NetworkInterface.getByInetAddress(local);
            return local != null && over == null
                    ? Optional.empty()
                    : find(Files.readAllLines(TABLE), over == null ? null : over.getName(), ByteOrder.nativeOrder());
        } catch (IOException noTable) {
            return Optional.empty();
        }
    }

    /** As above, of a table's text. */
    static Optional<InetAddress> find(List<String> table, @Nullable String over, ByteOrder order) {
        long least = Long.MAX_VALUE;
        Optional<InetAddress> gateway = Optional.empty();
        for (String line : table) {
            String[] column = line.strip().split("\\s+", -1);
            if (column.length < COLUMNS || !(column[1] + column[7]).matches("0{16}")) {
                continue;
            }
            if ((over != null && !column[0].equals(over)) || !column[2].matches("\\p{XDigit}{8}")) {
                continue;
            }
            if (!column[3].matches("\\p{XDigit}{1,4}") || !column[6].matches("[0-9]{1,9}")) {
                continue;
            }
            int flags = Integer.parseInt(column[3], 16);
            long metric = Long.parseLong(column[6]);
            if ((flags & RTF_UP) != 0 && (flags & RTF_GATEWAY) != 0 && metric < least) {
                least = metric;
                gateway = Optional.of(address(Integer.parseUnsignedInt(column[2], 16), order));
            }
        }
        return gateway;
    }

    private static InetAddress address(int number, ByteOrder order) {
        try {
            return InetAddress.getByAddress(
                    ByteBuffer.allocate(4).order(order).putInt(number).array());
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
