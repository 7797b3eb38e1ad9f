package dev.spate.classic.course.log;

/**
 * A rule that a run broke.
 *
 * @param peer whose log shows it
 * @param line the line of that log that shows it, or 0 if it is the log as a whole
 * @param what happened, a phrase for a person
 */
public record Finding(Rule rule, int peer, int line, String what) {
    @Override
    public String toString() {
        return "log_peer_" + peer + ".log" + (line > 0 ? ":" + line : "") + ": " + rule.title() + ": " + what;
    }
}
