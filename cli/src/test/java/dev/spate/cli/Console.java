package dev.spate.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs commands in this process and keeps what they print. */
final class Console {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Runs one command; says its exit code. */
    int run(Object... arguments) {
        CommandLine commandLine = Spate.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        return commandLine.execute(texts);
    }

    /** What was printed to standard output so far. */
    String out() {
        return out.toString();
    }

    /** What was printed to standard error so far. */
    String err() {
        return err.toString();
    }
}
