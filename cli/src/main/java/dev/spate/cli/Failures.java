package dev.spate.cli;

import dev.spate.classic.course.CourseException;
import dev.spate.engine.SpateException;
import java.net.BindException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** The one place where a failure of the library becomes an exit code, a problem and a remedy. */
final class Failures {
    private Failures() {}

    /** What the user is told of a failure; empty if it is a bug. */
    static Optional<CommandFailure> explain(Throwable failure) {
        return switch (failure) {
            case CommandFailure told -> Optional.of(told);
            case CourseException known -> Optional.of(course(known));
            case SpateException.Closed bug -> Optional.empty();
            case SpateException known -> Optional.of(told(exitCode(known), String.valueOf(known.getMessage())));
            case CompletionException wrapper when wrapper.getCause() != null -> explain(wrapper.getCause());
            case ExecutionException wrapper when wrapper.getCause() != null -> explain(wrapper.getCause());
            default -> Optional.empty();
        };
    }

    private static CommandFailure course(CourseException failure) {
        ExitCode exitCode = switch (failure.kind()) {
            case CONFIGURATION -> ExitCode.BAD_CONFIGURATION;
            case NOT_FOUND, NOT_OUR_ADDRESS -> ExitCode.NOT_FOUND;
            case WRONG_FILE -> ExitCode.NAME_CLASH;
            case PORT_IN_USE -> ExitCode.PORT_IN_USE;
            case FILE_TROUBLE -> ExitCode.FILE_TROUBLE;
        };
        return new CommandFailure(exitCode, failure.problem(), failure.remedy());
    }

    private static ExitCode exitCode(SpateException failure) {
        return switch (failure) {
            case SpateException.CannotListen known -> listening(known);
            case SpateException.NoInterface known -> ExitCode.NOT_FOUND;
            case SpateException.NoProxy known -> ExitCode.UNREACHABLE;
            case SpateException.Unsupported known -> ExitCode.UNSUPPORTED;
            case SpateException.Duplicate known -> ExitCode.USAGE;
            case SpateException.Refused known -> ExitCode.USAGE;
            case SpateException.TrackerRefused known -> ExitCode.TRACKER_FAILED;
            case SpateException.Closed known -> ExitCode.BUG;
            case SpateException.Storage known -> storage(known);
        };
    }

    private static ExitCode storage(SpateException.Storage failure) {
        return switch (failure.trouble()) {
            case DISK_FULL -> ExitCode.DISK_FULL;
            case NOT_PERMITTED -> ExitCode.NOT_PERMITTED;
            case NAME_CLASH -> ExitCode.NAME_CLASH;
            case MISSING -> ExitCode.NOT_FOUND;
            case CHANGED -> ExitCode.NOT_VERIFIED;
            case UNSAFE_PATH, UNSUITABLE, FAILED -> ExitCode.FILE_TROUBLE;
        };
    }

    // The JDK passes on the operating system's words and nothing else.
    private static ExitCode listening(SpateException.CannotListen failure) {
        String reason = failure.getCause() == null
                ? ""
                : String.valueOf(failure.getCause().getMessage()).toLowerCase(Locale.ROOT);
        if (reason.contains("permission denied")) {
            return ExitCode.NOT_PERMITTED;
        }
        return failure.getCause() instanceof BindException && reason.contains("assign")
                ? ExitCode.NOT_FOUND
                : ExitCode.PORT_IN_USE;
    }

    /** The library says the problem, a semicolon, and the remedy. */
    private static CommandFailure told(ExitCode exitCode, String message) {
        int semicolon = message.lastIndexOf("; ");
        if (semicolon < 0) {
            return new CommandFailure(exitCode, message, "");
        }
        String remedy = message.substring(semicolon + 2);
        return new CommandFailure(
                exitCode,
                message.substring(0, semicolon),
                remedy.substring(0, 1).toUpperCase(Locale.ROOT) + remedy.substring(1) + ".");
    }
}
