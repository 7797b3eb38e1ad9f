package dev.spate.classic.descriptor;

import dev.spate.wire.Decoding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads descriptor files. */
public final class DescriptorFile {
    private DescriptorFile() {}

    /**
     * What a descriptor file says. It may come from a stranger: at most {@link Descriptor#MAX_LENGTH} bytes are read, and everything is
     * checked. To write one, write {@link Descriptor#toBytes}.
     *
     * @throws FileSystemException if it is no descriptor; the reason says where it goes wrong, and what to do
     * @throws IOException if it cannot be read
     */
    public static Descriptor read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(Descriptor.MAX_LENGTH + 1);
        }
        return switch (Descriptor.decode(bytes)) {
            case Decoding.Decoded<Descriptor>(Descriptor descriptor) -> descriptor;
            case Decoding.Malformed<Descriptor> malformed ->
                throw new FileSystemException(file.toString(), null, malformed.reason());
            case Decoding.NeedMore<Descriptor> needMore -> throw new AssertionError(needMore);
        };
    }
}
