package org.focaldistill.cli;

import org.apache.hadoop.fs.Path;
import org.focaldistill.text.Locations;
import org.focaldistill.text.Secrets;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an option that is a file or folder on any file system Hadoop knows. */
final class LocationConverter implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
        try {
            String location = Locations.read(text);
            if (Locations.isWeb(location)) {
                throw new TypeConversionException("is a web address, " + Secrets.hidden(location)
                        + "; download the file, with curl or a browser, and give its path");
            }
            return checked(location);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(Secrets.hidden(String.valueOf(e.getMessage())));
        }
    }

    /** Hadoop finds more to be no URI. */
    private static String checked(String location) {
        Path unused = new Path(location);
        return location;
    }
}
