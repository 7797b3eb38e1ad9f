package dev.spate.wire.metainfo;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What a file is beyond its bytes (BEP 47, {@code attr}). */
public enum FileAttribute {
    /** Zeros that fill up a piece; never written. */
    PAD('p'),
    EXECUTABLE('x'),
    HIDDEN('h'),
    /** Stands for another file of the torrent; has no bytes. */
    SYMLINK('l');

    private final char letter;

    FileAttribute(char letter) {
        this.letter = letter;
    }

    /** The letter that stands for it in {@code attr}. */
    public char letter() {
        return letter;
    }

    /** The attributes of an {@code attr} text. Letters that are not known are passed over, as BEP 47 asks. */
    static Set<FileAttribute> of(String letters) {
        Set<FileAttribute> attributes = EnumSet.noneOf(FileAttribute.class);
        for (FileAttribute attribute : values()) {
            if (letters.indexOf(attribute.letter) >= 0) {
                attributes.add(attribute);
            }
        }
        return attributes.isEmpty() ? Set.of() : Collections.unmodifiableSet(attributes);
    }
}
