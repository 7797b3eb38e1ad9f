package dev.spate.engine.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.engine.AddOptions;
import dev.spate.engine.Session;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Paths behave as those of a POSIX system, which are asked what is right. */
@DisabledOnOs(OS.WINDOWS)
class TorrentPathTest {
    private static final FileSystem THEIRS = FileSystems.getDefault();

    @TempDir
    private static Path folder;

    private static Session session;
    private static FileSystem ours;

    @BeforeAll
    static void open() {
        session = Session.open(Album.settings());
        ours = TorrentFileSystems.of(
                session.add(new Album().metainfo, AddOptions.into(folder).withoutTrackers()));
    }

    @AfterAll
    static void close() throws Exception {
        ours.close();
        session.close();
    }

    private static String text(Random random) {
        List<String> parts = List.of("a", "b", "c", "ab", ".", "..", "", "é", "b.c", "/");
        StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "/" : "");
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            text.append(i > 0 ? "/" : "").append(parts.get(random.nextInt(parts.size())));
        }
        return text.toString();
    }

    /** What came of a question, in words that do not depend on whose paths they are. */
    private static String answer(Supplier<Object> question) {
        try {
            return String.valueOf(question.get());
        } catch (IllegalArgumentException e) {
            return "illegal";
        }
    }

    private static List<String> about(FileSystem system, String oneText, String otherText, int from, int to) {
        Path one = system.getPath(oneText);
        Path other = system.getPath(otherText);
        List<String> answers = new ArrayList<>();
        answers.add(one + " " + one.isAbsolute() + " " + one.getNameCount());
        answers.add(one.getRoot() + " " + one.getParent() + " " + one.getFileName());
        answers.add("normal " + one.normalize());
        answers.add("resolve " + one.resolve(other) + " " + one.resolveSibling(other));
        answers.add("starts " + one.startsWith(other) + " " + one.startsWith(otherText));
        answers.add("ends " + one.endsWith(other) + " " + one.endsWith(otherText));
        answers.add("equals " + one.equals(other) + " " + Integer.signum(one.compareTo(other)));
        answers.add("subpath " + answer(() -> one.subpath(from, to)));
        answers.add("name " + answer(() -> one.getName(from)));
        answers.add("relativize " + answer(() -> one.relativize(other)));
        List<Path> names = new ArrayList<>();
        one.forEach(names::add);
        answers.add("names " + names);
        answers.add("more " + system.getPath(oneText, otherText, "", "x"));
        answers.add("match " + system.getPathMatcher("glob:**/a*").matches(one)
                + system.getPathMatcher("regex:.*b.*").matches(one));
        if (one.equals(other)) {
            assertThat(one).hasSameHashCodeAs(other);
        }
        return answers;
    }

    @Test
    void behaveAsThoseOfTheDefaultFileSystem() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            String one = text(random);
            String other = random.nextInt(10) == 0 ? one : text(random);
            int from = random.nextInt(6) - 1;
            int to = random.nextInt(6) - 1;
            assertThat(about(ours, one, other, from, to))
                    .as(one + " and " + other)
                    .isEqualTo(about(THEIRS, one, other, from, to));
        }
    }

    @Test
    void wayAndBackIsTheSamePlace() {
        Random random = new Random(2);
        for (int i = 0; i < 5_000; i++) {
            Path one = ours.getPath("/" + text(random)).normalize();
            Path other = ours.getPath("/" + text(random)).normalize();
            assertThat(one.resolve(one.relativize(other)).normalize()).isEqualTo(other);
        }
    }

    @Test
    void theWorkingFolderIsTheRoot() {
        assertThat(ours.getPath("a/b").toAbsolutePath()).isEqualTo(ours.getPath("/a/b"));
        assertThat(ours.getPath("").toAbsolutePath()).isEqualTo(ours.getPath("/"));
        assertThat(ours.getPath("/").toAbsolutePath().getRoot()).isEqualTo(ours.getPath("/"));
    }

    @Test
    void doesNotMixWithForeignPaths() {
        Path path = ours.getPath("a");
        Path foreign = Path.of("a");
        assertThat(path.equals(foreign)).isFalse();
        assertThat(path.startsWith(foreign)).isFalse();
        assertThat(path.endsWith(foreign)).isFalse();
        assertThatThrownBy(() -> path.resolve(foreign)).isInstanceOf(ProviderMismatchException.class);
        assertThatThrownBy(() -> path.compareTo(foreign)).isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> ours.getPath("a\0b")).isInstanceOf(InvalidPathException.class);
        assertThatThrownBy(path::toFile).isInstanceOf(UnsupportedOperationException.class);
    }
}
