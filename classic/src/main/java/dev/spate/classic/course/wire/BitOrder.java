package dev.spate.classic.course.wire;

/** The order of the bits within the bytes of a bitfield. */
final class BitOrder {
    private BitOrder() {}

    /** The first bit of each byte becomes its last. */
    static void reverse(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (Integer.reverse(bytes[i]) >>> 24);
        }
    }
}
