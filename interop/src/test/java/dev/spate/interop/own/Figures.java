package dev.spate.interop.own;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The figures that the tests of reliability reach: a line each, with tabs between, in {@code target/figures.tsv}, of which
 * {@code interop/reliability} makes a table. A line is written before its test can fail for it.
 */
public final class Figures {
    private static final Path FILE = Path.of(System.getProperty("spate.figures", "target/figures.tsv"));

    private Figures() {}

    /**
     * Writes a line, then fails the test unless it holds.
     *
     * @param name of what was done
     * @param count how often it was done, or to how many
     * @param asked the figure that is asked for
     * @param reached the figure that came out
     */
    public static void show(String name, long count, String asked, String reached, boolean holds) {
        String line = String.join("\t", name, Long.toString(count), holds ? "held" : "BROKEN", asked, reached);
        System.out.println("figure: " + line.replace("\t", " | "));
        try {
            Files.createDirectories(FILE.toAbsolutePath().getParent());
            Files.writeString(FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(holds).as(name + ": asked " + asked + ", reached " + reached).isTrue();
    }
}
