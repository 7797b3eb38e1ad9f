package dev.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import java.nio.ByteBuffer;

/** What no journal of a move may do, damaged or not; the body is tried with a right checksum too. */
public final class MoveJournalFuzz {
    private MoveJournalFuzz() {}

    /** The magic and the version, as {@link MoveJournal#encode} writes them. */
    private static final int BEGINNING = 12;

    public static void fuzzerTestOneInput(byte[] input) {
        look(input);
        if (input.length > BEGINNING + 32) {
            byte[] body = new byte[input.length - BEGINNING - 32];
            ByteBuffer.wrap(input).get(BEGINNING + 32, body);
            ByteBuffer sealed = ByteBuffer.wrap(input.clone());
            look(sealed.put(BEGINNING, ResumeFile.sha256(body, body.length)).array());
        }
    }

    private static void look(byte[] file) {
        if (MoveJournal.decode(file) instanceof Decoding.Decoded<MoveJournal> journal) {
            assertThat(MoveJournal.decode(journal.value().encode())).isEqualTo(journal);
        }
    }
}
