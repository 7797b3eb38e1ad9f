package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spate.wire.metainfo.Metainfo;
import dev.spate.wire.metainfo.MetainfoBuilder;
import dev.spate.wire.metainfo.MetainfoBuilder.NewFile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FileChoiceTest {
    private final Metainfo metainfo = MetainfoBuilder.ofFolder(
                    "top",
                    List.of(
                            new NewFile(List.of("film.mkv"), 16_384),
                            new NewFile(List.of("subs", "de.srt"), 10),
                            new NewFile(List.of("subs", "en.srt"), 10),
                            new NewFile(List.of("notes.txt"), 10)),
                    16_384)
            .pieces(new byte[40])
            .build();

    private Map<Integer, Integer> chosen(List<String> selects, List<String> priorities) throws CommandFailure {
        return FileChoice.priorities(metainfo, selects, priorities);
    }

    @Test
    void withoutAnyChoiceThereIsNone() throws CommandFailure {
        assertThat(chosen(List.of(), List.of())).isEmpty();
    }

    @Test
    void selectsByNumberRangeAndGlob() throws CommandFailure {
        assertThat(chosen(List.of("1,4"), List.of())).isEqualTo(Map.of(0, 4, 1, 0, 2, 0, 3, 4));
        assertThat(chosen(List.of("2-3"), List.of())).isEqualTo(Map.of(0, 0, 1, 4, 2, 4, 3, 0));
        assertThat(chosen(List.of("3-"), List.of())).isEqualTo(Map.of(0, 0, 1, 0, 2, 4, 3, 4));
        assertThat(chosen(List.of("*.srt"), List.of())).isEqualTo(Map.of(0, 0, 1, 4, 2, 4, 3, 0));
        assertThat(chosen(List.of("subs/de.*", "*.mkv"), List.of())).isEqualTo(Map.of(0, 4, 1, 4, 2, 0, 3, 0));
    }

    @Test
    void theLastPriorityThatFitsCounts() throws CommandFailure {
        assertThat(chosen(List.of(), List.of("*.srt=0", "en.*=7"))).isEqualTo(Map.of(0, 4, 1, 0, 2, 7, 3, 4));
        assertThat(chosen(List.of("1-2"), List.of("1=6"))).isEqualTo(Map.of(0, 6, 1, 4, 2, 0, 3, 0));
    }

    @Test
    void whatFitsNothingIsAMistake() {
        for (String select : List.of("0", "5", "3-2", "2-9", "*.avi", "", "[")) {
            assertThatExceptionOfType(CommandFailure.class)
                    .as(select)
                    .isThrownBy(() -> chosen(List.of(select), List.of()))
                    .satisfies(failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE));
        }
        for (String priority : List.of("1", "1=8", "=3", "*.avi=2")) {
            assertThatExceptionOfType(CommandFailure.class)
                    .as(priority)
                    .isThrownBy(() -> chosen(List.of(), List.of(priority)));
        }
    }
}
