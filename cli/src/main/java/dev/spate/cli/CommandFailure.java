package dev.spate.cli;

import java.io.PrintWriter;
import java.io.Serial;

/**
 * A command cannot do what it was asked to, for a reason that its user can understand and often mend.
 *
 * <p>It is printed as two lines, what went wrong and what to do about it, without a stack trace.
 */
final class CommandFailure extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String remedy;

    /**
     * @param problem what went wrong and with what, without a full stop
     * @param remedy what the user can do about it, empty when there is nothing to say
     */
    CommandFailure(ExitCode exitCode, String problem, String remedy) {
        super(problem);
        this.exitCode = exitCode;
        this.remedy = remedy;
    }

    ExitCode exitCode() {
        return exitCode;
    }

    String problem() {
        return String.valueOf(getMessage());
    }

    String remedy() {
        return remedy;
    }

    /** The two lines for a person. */
    void print(PrintWriter err) {
        err.println("spate: " + problem());
        if (!remedy.isEmpty()) {
            err.println("  " + remedy);
        }
        err.flush();
    }
}
