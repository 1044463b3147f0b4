package org.focaldistill.data;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads labelled images record by record; labels must hold together over all files read by one reader. */
final class RecordReader {
    private final ArchiveFormat format;
    private final String location;
    private final @Nullable FirstUse[] coarseOfFine;

    RecordReader(ArchiveFormat format, String location) {
        this.format = format;
        this.location = location;
        this.coarseOfFine = new FirstUse[format.classes()];
    }

    /** The coarse label that came with a fine label first, and where that was. */
    private record FirstUse(int coarse, String file, int record) {}

    /** @param firstImage where in the image set the file's first record goes */
    void read(String file, InputStream content, int records, ImageSetBuilder into, int firstImage) throws IOException {
        byte[] record = new byte[format.recordLength()];
        for (int i = 0; i < records; i++) {
            int read = content.readNBytes(record, 0, record.length);
            if (read < record.length) {
                throw invalid(
                        file,
                        i,
                        String.format(Locale.ROOT, "the file ends after %d of its %d bytes", read, record.length));
            }
            int labelAt = format.labelBytes() - 1;
            int fine = Byte.toUnsignedInt(record[labelAt]);
            int coarse = labelAt == 0 ? 0 : Byte.toUnsignedInt(record[0]);
            requireLabels(file, i, fine, coarse);
            into.put(firstImage + i, fine, coarse, record, format.labelBytes());
        }
    }

    private void requireLabels(String file, int record, int fine, int coarse) throws InvalidDataException {
        if (fine >= format.classes()) {
            throw invalid(
                    file, record, String.format(Locale.ROOT, "label %d is not in [0, %d)", fine, format.classes()));
        }
        if (coarse >= Math.max(1, format.coarseClasses())) {
            throw invalid(
                    file,
                    record,
                    String.format(Locale.ROOT, "coarse label %d is not in [0, %d)", coarse, format.coarseClasses()));
        }
        FirstUse first = coarseOfFine[fine];
        if (first == null) {
            coarseOfFine[fine] = new FirstUse(coarse, file, record);
        } else if (first.coarse != coarse) {
            throw invalid(
                    file,
                    record,
                    String.format(
                            Locale.ROOT,
                            "label %d comes with coarse label %d, but with %d in record %d of %s",
                            fine,
                            coarse,
                            first.coarse,
                            first.record,
                            first.file));
        }
    }

    private InvalidDataException invalid(String file, int record, String what) {
        return new InvalidDataException(String.format(
                Locale.ROOT,
                "%s of %s, record %d (byte offset %d): %s. Fetch the archive again.",
                file,
                location,
                record,
                (long) record * format.recordLength(),
                what));
    }
}
