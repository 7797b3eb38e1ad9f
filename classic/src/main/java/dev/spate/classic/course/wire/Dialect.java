package dev.spate.classic.course.wire;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A way of speaking the course's protocol. The project text describes one; groups that read it differently speak others, and are
 * understood when the difference is known.
 *
 * @param deviations from the text, in the order of their declaration
 */
public record Dialect(Set<Deviation> deviations) {

    /** What the project text says. */
    public static final Dialect STRICT = new Dialect(Set.of());

    public Dialect {
        EnumSet<Deviation> ordered = EnumSet.noneOf(Deviation.class);
        ordered.addAll(deviations);
        deviations = Collections.unmodifiableSet(ordered);
    }

    /** The text but for these. */
    public static Dialect of(Deviation... deviations) {
        return new Dialect(Set.of(deviations));
    }

    /** Whether it deviates from the text in this. */
    public boolean has(Deviation deviation) {
        return deviations.contains(deviation);
    }

    /** The same, with or without this. */
    Dialect with(Deviation deviation, boolean present) {
        if (has(deviation) == present) {
            return this;
        }
        EnumSet<Deviation> others = EnumSet.noneOf(Deviation.class);
        others.addAll(deviations);
        if (present) {
            others.add(deviation);
        } else {
            others.remove(deviation);
        }
        return new Dialect(others);
    }

    /** The names of its deviations, divided by commas; {@code strict} if there are none. */
    public String title() {
        return deviations.isEmpty()
                ? "strict"
                : deviations.stream().map(Deviation::title).collect(Collectors.joining(","));
    }

    /** How ids are written in its handshakes. */
    public IdForm idForm() {
        if (has(Deviation.ASCII_ID)) {
            return IdForm.DIGITS;
        }
        return has(Deviation.LITTLE_ENDIAN) ? IdForm.LOW_BYTE_FIRST : IdForm.HIGH_BYTE_FIRST;
    }

    /** What the length field says of a message with so many bytes behind its type byte. */
    int lengthField(int payload) {
        return payload + (has(Deviation.PAYLOAD_LENGTH) ? 0 : 1);
    }

    /** An integer as it is in the bytes, where a big-endian buffer reads or writes it. */
    int integer(int value) {
        return has(Deviation.LITTLE_ENDIAN) ? Integer.reverseBytes(value) : value;
    }
}
