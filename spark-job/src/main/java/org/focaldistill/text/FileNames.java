package org.focaldistill.text;

import java.nio.charset.Charset;

/** Java names files in the encoding of the locale that it was started in, with '?' for letters that has not. */
final class FileNames {
    private static final Charset OF_THE_LOCALE = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private FileNames() {}

    /**
     * Refuses a path of this machine that would become another one.
     *
     * @throws IllegalArgumentException with the letters' encoding and what to set
     */
    static void requireLetters(String path) {
        requireLetters(path, OF_THE_LOCALE);
    }

    static void requireLetters(String path, Charset encoding) {
        if (!encoding.newEncoder().canEncode(path)) {
            throw new IllegalArgumentException("has letters that names of files can not have here, as the locale's"
                    + " encoding is " + encoding + ": set LC_ALL=C.UTF-8; found " + path);
        }
    }
}
