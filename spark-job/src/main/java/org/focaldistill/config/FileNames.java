package org.focaldistill.config;

import java.nio.charset.Charset;
import java.util.Locale;

/** Java names files in the encoding of the locale that it was started in, with '?' for letters that has not. */
final class FileNames {
    static final Charset OF_THE_LOCALE = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private FileNames() {}

    /**
     * Refuses a path that would become another one here; other file systems than the local one have all letters.
     *
     * @throws IllegalArgumentException with the letters' encoding and what to set
     */
    static void requireWritable(String location, Charset encoding) {
        boolean local =
                !location.contains("://") || location.toLowerCase(Locale.ROOT).startsWith("file:");
        if (local && !encoding.newEncoder().canEncode(location)) {
            throw new IllegalArgumentException("has letters that names of files can not have here, as the locale's"
                    + " encoding is " + encoding + ": set LC_ALL=C.UTF-8; found " + location);
        }
    }
}
