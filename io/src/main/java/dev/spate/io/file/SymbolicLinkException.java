package dev.spate.io.file;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A symbolic link stands where only plain files and folders are used; {@link #getFile} names it. */
public final class SymbolicLinkException extends FileSystemException {
    private static final long serialVersionUID = 1;

    SymbolicLinkException(Path link) {
        super(link.toString(), null, "is a symbolic link, which is not followed");
    }
}
