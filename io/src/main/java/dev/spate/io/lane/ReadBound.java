package dev.spate.io.lane;

/** Says how much a connection may read. Lane thread only; see {@link TcpConnection#boundReading}. */
public interface ReadBound {

    /**
     * Asked before each read.
     *
     * @param wanted what would be read at most, in bytes
     * @return how many bytes may be read; at 0 nothing is read until {@link TcpConnection#readAgain}
     */
    int most(int wanted);

    /**
     * Told after each read that {@link #most} has allowed.
     *
     * @param bytes how many came
     * @param drained whether the socket had no more
     */
    void took(int bytes, boolean drained);
}
