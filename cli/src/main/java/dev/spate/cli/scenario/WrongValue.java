package dev.spate.cli.scenario;

import java.io.Serial;

/** Something in a file is not as it should be; it never leaves this package. */
final class WrongValue extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String remedy;

    WrongValue(String problem, String remedy) {
        super(problem);
        this.remedy = remedy;
    }

    String problem() {
        return String.valueOf(getMessage());
    }

    String remedy() {
        return remedy;
    }
}
