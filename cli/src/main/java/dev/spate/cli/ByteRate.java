package dev.spate.cli;

import dev.spate.cli.text.Quantities;
import picocli.CommandLine.ITypeConverter;

/** Reads an option that is a rate. */
final class ByteRate implements ITypeConverter<Long> {

    @Override
    public Long convert(String text) {
        return Spate.converted(text, Quantities::parseRate);
    }
}
