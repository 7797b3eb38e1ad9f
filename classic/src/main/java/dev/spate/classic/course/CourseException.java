package dev.spate.classic.course;

import java.io.Serial;

/** A peer cannot start or go on, for a reason that its user can mend. */
public final class CourseException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What kind of trouble it is. */
    public enum Kind {
        /** A configuration file is wrong. */
        CONFIGURATION,
        /** A file or folder, or a peer of that id, is not there. */
        NOT_FOUND,
        /** The file that is there is another one. */
        WRONG_FILE,
        /** Somebody listens at the address. */
        PORT_IN_USE,
        /** The address is not this machine's. */
        NOT_OUR_ADDRESS,
        /** The system reports an error at a file. */
        FILE_TROUBLE
    }

    private final Kind kind;
    private final String remedy;

    /**
     * @param problem what is wrong, without a full stop
     * @param remedy what to do about it
     */
    public CourseException(Kind kind, String problem, String remedy) {
        super(problem);
        this.kind = kind;
        this.remedy = remedy;
    }

    CourseException(Kind kind, String problem, String remedy, Throwable cause) {
        super(problem, cause);
        this.kind = kind;
        this.remedy = remedy;
    }

    public Kind kind() {
        return kind;
    }

    public String problem() {
        return String.valueOf(getMessage());
    }

    public String remedy() {
        return remedy;
    }
}
