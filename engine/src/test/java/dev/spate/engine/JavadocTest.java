package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Makes the documentation of the modules that programs embed, into {@code target/apidocs}, with all checks of the tool.
 *
 * <p>What is documented must be right everywhere, and at the door everything must be documented. A tag for each parameter and
 * result is not asked for: where the first sentence tells it, a tag would only repeat it.
 */
class JavadocTest {

    private static final List<String> MODULES = List.of("wire", "core", "io", "engine");

    /** A complaint and the line of code that it is about. */
    private static final Pattern COMPLAINT =
            Pattern.compile("(?m)^(\\S+\\.java):(\\d+): (?:warning|error): (.*)\\R(.*)");

    private static final Pattern UNSAID =
            Pattern.compile("no @(param|return|throws) .*|no main description|no @return");

    /** The first lines of records' constructors, whose parameters the record explains. */
    private static final Pattern COMPACT = Pattern.compile("\\s*public \\w+ \\{");

    @Test
    void everyCommentIsRightAndTheDoorHasNoneMissing() {
        List<String> arguments = new ArrayList<>(
                List.of("-quiet", "-Xdoclint:all", "-Xmaxwarns", "100000", "-d", "target/apidocs", "-p", libraries()));
        for (String module : MODULES) {
            arguments.add("--module-source-path");
            arguments.add("dev.spate." + module + "=" + Path.of("..", module, "src", "main", "java"));
            arguments.add("--module");
            arguments.add("dev.spate." + module);
        }
        StringWriter said = new StringWriter();
        ToolProvider javadoc = ToolProvider.findFirst("javadoc").orElseThrow();

        int exit =
                javadoc.run(new PrintWriter(said, true), new PrintWriter(said, true), arguments.toArray(String[]::new));

        assertThat(COMPLAINT.matcher(said.toString()).results().filter(JavadocTest::matters))
                .extracting(MatchResult::group)
                .isEmpty();
        assertThat(exit).as(said.toString()).isZero();
    }

    private static boolean matters(MatchResult complaint) {
        String file = complaint.group(1).replace(File.separatorChar, '/');
        String what = complaint.group(3);
        boolean atTheDoor = file.contains("engine/src/main/java");
        if (what.equals("no comment")) {
            return atTheDoor && !COMPACT.matcher(complaint.group(4)).matches();
        }
        return !UNSAID.matcher(what).matches();
    }

    /** JSpecify, which only the compiler and this tool need. */
    private static String libraries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.contains("jspecify"))
                .findFirst()
                .orElseThrow();
    }
}
