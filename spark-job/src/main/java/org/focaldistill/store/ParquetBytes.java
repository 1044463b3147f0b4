package org.focaldistill.store;

import java.io.ByteArrayInputStream;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** Lets Parquet read a file that is in memory, so that what was checked is what is read. */
final class ParquetBytes implements InputFile {
    private final byte[] bytes;

    ParquetBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** What Parquet's messages call it; who passes them on knows the file's name. */
    @Override
    public String toString() {
        return "the file";
    }

    @Override
    public long getLength() {
        return bytes.length;
    }

    @Override
    public SeekableInputStream newStream() {
        Cursor cursor = new Cursor(bytes);
        return new DelegatingSeekableInputStream(cursor) {
            @Override
            public long getPos() {
                return cursor.position();
            }

            @Override
            public void seek(long position) {
                cursor.seek(position);
            }
        };
    }

    private static final class Cursor extends ByteArrayInputStream {
        Cursor(byte[] bytes) {
            super(bytes);
        }

        synchronized int position() {
            return pos;
        }

        synchronized void seek(long position) {
            if (position < 0 || position > count) {
                throw new IllegalArgumentException("Cannot seek to " + position + " of " + count + " bytes");
            }
            pos = (int) position;
        }
    }
}
