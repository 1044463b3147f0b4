package org.focaldistill.data;

import java.util.ArrayList;
import java.util.List;

/** The two binary CIFAR archives of https://www.cs.toronto.edu/~kriz/cifar.html. */
public enum ArchiveFormat {
    /** Records of coarse label, fine label, pixels. */
    CIFAR100("cifar100", "cifar-100-binary", "cifar-100-binary.tar.gz", "03b5dce01913d631647c71ecec9e9cb8", 100, 20),
    /** Records of label, pixels. */
    CIFAR10("cifar10", "cifar-10-batches-bin", "cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530", 10, 0);

    /** Rows, and columns, of an image. */
    public static final int SIDE = 32;
    /** Bytes of an image's pixels. */
    static final int IMAGE_BYTES = ImageSet.bytesOf(SIDE);
    /** What fits one Java array. */
    public static final int MAX_IMAGES = ImageSet.mostOf(SIDE);

    private static final String SITE = "https://www.cs.toronto.edu/~kriz/";

    private final String datasetName;
    private final String folderName;
    private final String archiveName;
    private final String archiveMd5;
    private final int classes;
    private final int coarseClasses;

    ArchiveFormat(
            String datasetName,
            String folderName,
            String archiveName,
            String archiveMd5,
            int classes,
            int coarseClasses) {
        this.datasetName = datasetName;
        this.folderName = folderName;
        this.archiveName = archiveName;
        this.archiveMd5 = archiveMd5;
        this.classes = classes;
        this.coarseClasses = coarseClasses;
    }

    /** {@code cifar100} or {@code cifar10}. */
    public String datasetName() {
        return datasetName;
    }

    /** The folder the archive unpacks to. */
    public String folderName() {
        return folderName;
    }

    /** Where the official archive is. */
    public String officialUrl() {
        return SITE + archiveName;
    }

    /** MD5 of the official archive, in lower-case hexadecimal digits. */
    public String officialMd5() {
        return archiveMd5;
    }

    public int classes() {
        return classes;
    }

    /** 0 where the archive has no coarse classes. */
    public int coarseClasses() {
        return coarseClasses;
    }

    /** Training images of the official archive, over all training files. */
    public int officialTrainImages() {
        return 50_000;
    }

    /** Test images of the official archive. */
    public int officialTestImages() {
        return 10_000;
    }

    /** Bytes of one record: its labels and 3072 pixels. */
    public int recordLength() {
        return labelBytes() + IMAGE_BYTES;
    }

    /** Files of equally many training images, in order. */
    public List<String> trainFiles() {
        return switch (this) {
            case CIFAR100 -> List.of("train.bin");
            case CIFAR10 ->
                List.of(
                        "data_batch_1.bin",
                        "data_batch_2.bin",
                        "data_batch_3.bin",
                        "data_batch_4.bin",
                        "data_batch_5.bin");
        };
    }

    public String testFile() {
        return switch (this) {
            case CIFAR100 -> "test.bin";
            case CIFAR10 -> "test_batch.bin";
        };
    }

    /** One class name a line, in label order. */
    public String classNamesFile() {
        return switch (this) {
            case CIFAR100 -> "fine_label_names.txt";
            case CIFAR10 -> "batches.meta.txt";
        };
    }

    /** One file of coarse class names, or none. */
    public List<String> coarseNamesFiles() {
        return switch (this) {
            case CIFAR100 -> List.of("coarse_label_names.txt");
            case CIFAR10 -> List.of();
        };
    }

    /** Every file that must be there. */
    List<String> requiredFiles() {
        List<String> files = new ArrayList<>(trainFiles());
        files.add(testFile());
        files.add(classNamesFile());
        files.addAll(coarseNamesFiles());
        return List.copyOf(files);
    }

    int labelBytes() {
        return coarseClasses > 0 ? 2 : 1;
    }
}
