package dev.spate.cli;

/**
 * What an examination of this machine has found out about one thing.
 *
 * @param subject a word for the thing
 * @param state how good it is
 * @param text what was found, a phrase
 * @param remedy what can be done about it, empty if nothing need be
 * @param exitCode how the command ends if this is bad
 */
record Finding(String subject, State state, String text, String remedy, ExitCode exitCode) {

    /** How good a thing is. */
    enum State {
        GOOD,
        /** Works, but not as well as it could, or not for everything. */
        WARNING,
        BAD
    }

    static Finding good(String subject, String text) {
        return new Finding(subject, State.GOOD, text, "", ExitCode.OK);
    }

    static Finding warning(String subject, String text, String remedy) {
        return new Finding(subject, State.WARNING, text, remedy, ExitCode.OK);
    }

    static Finding bad(String subject, CommandFailure failure) {
        return new Finding(subject, State.BAD, failure.problem(), failure.remedy(), failure.exitCode());
    }
}
