package dev.spate.classic.course;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.classic.course.log.LogEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    @TempDir
    private Path folder;

    /** A process that is killed in between must not have logged a piece that its journal does not know. */
    @Test
    void whatMustBeThereBeforeIsBroughtBeforeLinesAre() throws IOException {
        Path path = folder.resolve("log");
        List<Long> lengths = new ArrayList<>();
        LogEvent event = new LogEvent.Unchoked(1001, 1002);
        try (LogFile log = LogFile.open(path, () -> Instant.EPOCH, () -> lengths.add(Files.size(path)))) {
            log.flush();
            assertThat(lengths).as("nothing was to be written").isEmpty();
            while (Files.size(path) == 0) {
                log.write(event);
            }
            assertThat(lengths).as("the buffer was full").containsExactly(0L);
        }
        assertThat(lengths).as("the rest at the end").hasSize(2);
        assertThat(lengths.getLast()).isLessThan(Files.size(path));
    }
}
