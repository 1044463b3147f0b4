package org.focaldistill.store;

import java.io.IOException;
import java.util.Locale;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.ImageSetBuilder;
import org.focaldistill.data.InvalidDataException;
import org.focaldistill.store.DataSetIndex.Shard;

/** The first images of a split, gathered from its shards; every row is checked against the index. */
final class ShardImages {
    private final int classes;
    private final int coarseClasses;
    private final int imageBytes;
    private final int count;
    private final ImageSetBuilder images;

    ShardImages(int count, DataSetIndex index) {
        classes = index.classes();
        coarseClasses = Math.max(1, index.coarseNames().size());
        this.count = count;
        imageBytes = ImageSet.bytesOf(index.imageSide());
        images = new ImageSetBuilder(index.imageSide(), count);
    }

    void add(Shard shard, byte[] content, String file, ShardFile reader) throws IOException {
        Rows rows = new Rows(shard, file);
        reader.read(content, file, rows);
        if (rows.seen != shard.images()) {
            throw rows.invalid(
                    rows.seen, String.format(Locale.ROOT, "the shard ends here, expected %d records", shard.images()));
        }
    }

    ImageSet build() {
        return images.build();
    }

    private final class Rows implements ShardFile.Row {
        private final Shard shard;
        private final String file;
        private int seen;

        Rows(Shard shard, String file) {
            this.shard = shard;
            this.file = file;
        }

        @Override
        public void image(int index, byte[] image, int fine, int coarse) throws InvalidDataException {
            int record = seen++;
            if (record >= shard.images()) {
                throw invalid(record, String.format(Locale.ROOT, "only %d records are expected", shard.images()));
            }
            if (index != shard.firstIndex() + record) {
                throw invalid(
                        record,
                        String.format(Locale.ROOT, "its index is %d, expected %d", index, shard.firstIndex() + record));
            }
            if (image.length != imageBytes) {
                throw invalid(
                        record,
                        String.format(Locale.ROOT, "%d bytes of pixels, expected %d", image.length, imageBytes));
            }
            if (fine < 0 || fine >= classes) {
                throw invalid(record, String.format(Locale.ROOT, "label %d is not in [0, %d)", fine, classes));
            }
            if (coarse < 0 || coarse >= coarseClasses) {
                throw invalid(
                        record, String.format(Locale.ROOT, "coarse label %d is not in [0, %d)", coarse, coarseClasses));
            }
            if (index < count) {
                images.put(index, fine, coarse, image, 0);
            }
        }

        private InvalidDataException invalid(int record, String what) {
            return new InvalidDataException(String.format(
                    Locale.ROOT,
                    "Shard %s, record %d: %s. Delete its folder and run 'focaldistill prepare' again.",
                    file,
                    record,
                    what));
        }
    }
}
