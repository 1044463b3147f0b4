package org.focaldistill.config;

import org.focaldistill.data.ArchiveFormat;
import org.jspecify.annotations.Nullable;

/** What images are read from. */
public enum DataFormat {
    CIFAR100(ArchiveFormat.CIFAR100),
    CIFAR10(ArchiveFormat.CIFAR10),
    /** A folder of somebody's own with a folder of images for each class. */
    FOLDER(null),
    /** Parquet files of somebody's own with an image and a label in each row. */
    PARQUET(null);

    private final @Nullable ArchiveFormat archive;

    DataFormat(@Nullable ArchiveFormat archive) {
        this.archive = archive;
    }

    /** The archive's kind; null where it is none. */
    public @Nullable ArchiveFormat archive() {
        return archive;
    }
}
