package org.focaldistill.data;

import java.io.IOException;
import java.io.InputStream;

/** The files of an archive that its format knows, however they are kept. */
interface ArchiveFiles {
    /** Where these files are, for messages. */
    String location();

    /** Shows each file once, in the order they are kept. */
    void visit(Visitor visitor) throws IOException;

    /** Looks at one file. */
    interface Visitor {
        /**
         * Called for each file.
         *
         * @param name the file's name in the format's folder
         * @param bytes its length
         * @param content may be left unread
         */
        void file(String name, long bytes, InputStream content) throws IOException;
    }
}
