package dev.spate.io.proxy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Says a {@link ProxyHandshake} over the streams of a blocking socket. */
public final class BlockingHandshake {
    private BlockingHandshake() {}

    /**
     * Speaks with the proxy until the end.
     *
     * @param in not buffered: nothing behind the proxy's answer is taken
     * @return {@link ProxyHandshake.Step.Done} or {@link ProxyHandshake.Step.Refused}
     */
    public static ProxyHandshake.Step speak(ProxyHandshake handshake, InputStream in, OutputStream out)
            throws IOException {
        out.write(handshake.begin());
        out.flush();
        ByteBuffer one = ByteBuffer.allocate(1).flip();
        while (true) {
            switch (handshake.received(one)) {
                case ProxyHandshake.Step.Send send -> {
                    out.write(send.toArray());
                    out.flush();
                }
                case ProxyHandshake.Step.More() -> {
                    int next = in.read();
                    if (next < 0) {
                        throw new EOFException("the proxy closed the connection");
                    }
                    one.clear().put((byte) next).flip();
                }
                case ProxyHandshake.Step.Done done -> {
                    return done;
                }
                case ProxyHandshake.Step.Refused refused -> {
                    return refused;
                }
            }
        }
    }
}
