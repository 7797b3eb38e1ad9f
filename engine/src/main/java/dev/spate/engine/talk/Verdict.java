package dev.spate.engine.talk;

import dev.spate.engine.probe.ProbeReason;
import dev.spate.wire.PlainText;

/**
 * Why a conversation ends before its end.
 *
 * @param detail fit to be shown, or empty
 */
record Verdict(ProbeReason reason, String detail) {
    private static final int MAX_DETAIL = 200;

    Verdict {
        detail = PlainText.of(detail, MAX_DETAIL);
    }

    static Verdict of(ProbeReason reason) {
        return new Verdict(reason, "");
    }
}
