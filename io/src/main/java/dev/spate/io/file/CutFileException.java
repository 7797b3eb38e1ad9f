package dev.spate.io.file;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A file is shorter than it was made through its pool: somebody else cut it, and what was behind the cut is gone. */
public final class CutFileException extends FileSystemException {
    private static final long serialVersionUID = 1;

    CutFileException(Path file, long length, long reach) {
        super(file.toString(), null, "was cut from " + reach + " to " + length + " bytes");
    }
}
