package dev.spate.wire.lsd;

import dev.spate.wire.Decoding;
import java.nio.ByteBuffer;

/** Any bytes are an announce or not, and what is one survives being written and read again. */
public final class LocalAnnounceFuzz {
    private LocalAnnounceFuzz() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (LocalAnnounce.decode(ByteBuffer.wrap(input)) instanceof Decoding.Decoded<LocalAnnounce>(var announce)) {
            byte[] again = announce.encode(LocalAnnounce.IPV6_GROUP);
            if (again.length > LocalAnnounce.MAX_LENGTH
                    || !LocalAnnounce.decode(ByteBuffer.wrap(again)).equals(new Decoding.Decoded<>(announce))) {
                throw new AssertionError("not the same again: " + announce);
            }
        }
    }
}
