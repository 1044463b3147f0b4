package org.focaldistill.cli;

import org.focaldistill.text.Words;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an option that is one of the words which the configuration has for these constants. */
record WordConverter<E extends Enum<E>>(Class<E> type) implements ITypeConverter<E> {
    @Override
    public E convert(String word) {
        try {
            return Words.constant(type, word);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(Words.reason(e));
        }
    }
}
