package dev.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What no resume file may do, damaged or not; the body is tried with a right checksum too. */
public final class ResumeFileFuzz {
    private ResumeFileFuzz() {}

    private static final int HEADER = 16;

    public static void fuzzerTestOneInput(byte[] input) {
        look(input);
        look(sealed(input));
    }

    private static void look(byte[] file) {
        if (ResumeFile.decode(file) instanceof Decoding.Decoded<ResumeFile.Found>(var found)) {
            byte[] again = ResumeFile.encode(found.data());
            assertThat(ResumeFile.decode(again))
                    .isInstanceOfSatisfying(
                            Decoding.Decoded.class,
                            same -> assertThat(((ResumeFile.Found) same.value()).data())
                                    .isEqualTo(found.data()));
        }
    }

    private static byte[] sealed(byte[] body) {
        ByteBuffer file = ByteBuffer.allocate(HEADER + body.length + 32);
        file.put("SPATERES".getBytes(StandardCharsets.US_ASCII))
                .putInt(2)
                .putInt(body.length)
                .put(body);
        return file.put(ResumeFile.sha256(file.array(), HEADER + body.length)).array();
    }
}
