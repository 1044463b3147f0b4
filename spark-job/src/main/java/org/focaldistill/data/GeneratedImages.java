package org.focaldistill.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Procedural colour images in the shape of CIFAR-100, for tests and for trying a sweep out without a download: 100
 * classes, each a shape, a hue family and a texture; 20 coarse classes of 5, each a shape and a hue family.
 *
 * <p>Image i of a split is a function of (seed, split, i) alone, so a shorter set is a prefix of a longer one; each run
 * of 100 images has every class once.
 */
public final class GeneratedImages {
    private static final ArchiveFormat FORMAT = ArchiveFormat.CIFAR100;
    private static final List<String> HUE_NAMES = List.of("red", "lime", "cyan", "violet");
    private static final int TRAIN = 0;
    private static final int TEST = 1;
    /** Keeps the streams that order classes apart from those that draw images. */
    private static final int ORDER = 2;

    private GeneratedImages() {}

    /**
     * Images in memory.
     *
     * @param train number of training images, at least 1
     * @param test number of test images, at least 1
     * @throws IllegalArgumentException when a number is out of range
     */
    public static ImageDataSet generate(int train, int test, long seed) {
        GeneratedMarker marker = new GeneratedMarker(train, test, seed);
        return new ImageDataSet(
                ImageDataSet.GENERATED,
                true,
                classNames(),
                coarseNames(),
                images(marker.train(), seed, TRAIN),
                images(marker.test(), seed, TEST));
    }

    /**
     * Writes a folder as the CIFAR-100 archive unpacks, with a {@code GENERATED.txt} that says what it is. The folder
     * appears whole or not at all; an earlier folder of generated images is replaced.
     *
     * @throws FileAlreadyExistsException when something else is there
     * @throws IllegalArgumentException when a number is out of range
     */
    public static void write(Path folder, int train, int test, long seed) throws IOException {
        requireReplaceable(folder);
        ImageDataSet data = generate(train, test, seed);
        Path target = folder.toAbsolutePath();
        Path parent = target.getParent();
        if (parent == null) {
            throw new FileAlreadyExistsException(folder.toString());
        }
        Files.createDirectories(parent);
        String hidden = "." + target.getFileName() + "." + UUID.randomUUID();
        Path fresh = parent.resolve(hidden + ".tmp");
        Path old = parent.resolve(hidden + ".old");
        try {
            Files.createDirectory(fresh);
            writeFiles(fresh, data, new GeneratedMarker(train, test, seed));
            swap(fresh, target, old);
        } finally {
            delete(fresh);
            delete(old);
        }
    }

    private static void swap(Path fresh, Path target, Path old) throws IOException {
        boolean replaces = Files.exists(target);
        if (replaces) {
            Files.move(target, old);
        }
        try {
            Files.move(fresh, target);
        } catch (IOException e) {
            if (replaces) {
                Files.move(old, target);
            }
            throw e;
        }
    }

    private static void requireReplaceable(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<String> known = knownFiles();
        List<String> found = Files.isDirectory(folder) ? fileNames(folder) : List.of();
        boolean generated = found.isEmpty() || found.contains(GeneratedMarker.FILE);
        if (!Files.isDirectory(folder) || !generated || !known.containsAll(found)) {
            throw new FileAlreadyExistsException(
                    folder.toString(),
                    null,
                    "it exists and is not a folder of generated images alone; choose another or remove it");
        }
    }

    private static List<String> fileNames(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static List<String> knownFiles() {
        List<String> known = new ArrayList<>(FORMAT.requiredFiles());
        known.add(GeneratedMarker.FILE);
        return known;
    }

    /** Deletes only what {@link #write} writes. */
    private static void delete(Path folder) throws IOException {
        for (String file : knownFiles()) {
            Files.deleteIfExists(folder.resolve(file));
        }
        Files.deleteIfExists(folder);
    }

    private static void writeFiles(Path folder, ImageDataSet data, GeneratedMarker marker) throws IOException {
        for (String file : FORMAT.trainFiles()) {
            writeRecords(folder.resolve(file), data.train());
        }
        writeRecords(folder.resolve(FORMAT.testFile()), data.test());
        Files.write(folder.resolve(FORMAT.classNamesFile()), data.classNames());
        for (String file : FORMAT.coarseNamesFiles()) {
            Files.write(folder.resolve(file), data.coarseNames());
        }
        Files.writeString(folder.resolve(GeneratedMarker.FILE), marker.text());
    }

    private static void writeRecords(Path file, ImageSet images) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            for (int i = 0; i < images.size(); i++) {
                out.write(images.coarseLabel(i));
                out.write(images.label(i));
                out.write(images.pixels(), i * ArchiveFormat.IMAGE_BYTES, ArchiveFormat.IMAGE_BYTES);
            }
        }
    }

    private static ImageSet images(int count, long seed, int split) {
        byte[] pixels = new byte[count * ArchiveFormat.IMAGE_BYTES];
        byte[] fine = new byte[count];
        byte[] coarse = new byte[count];
        int classes = FORMAT.classes();
        int[] order = new int[classes];
        for (int i = 0; i < count; i++) {
            if (i % classes == 0) {
                order = Permutations.of(classes, RandomStreams.of(seed, split + ORDER, i / classes));
            }
            int label = order[i % classes];
            fine[i] = (byte) label;
            coarse[i] = (byte) GeneratedPicture.coarseLabel(label);
            new GeneratedPicture(label, RandomStreams.of(seed, split, i)).draw(pixels, i * ArchiveFormat.IMAGE_BYTES);
        }
        return new ImageSet(ArchiveFormat.SIDE, pixels, fine, coarse);
    }

    private static List<String> coarseNames() {
        List<String> names = new ArrayList<>();
        for (Shape shape : Shape.values()) {
            for (String hue : HUE_NAMES) {
                names.add(hue + "_" + lower(shape));
            }
        }
        return names;
    }

    private static List<String> classNames() {
        List<String> names = new ArrayList<>();
        for (String coarse : coarseNames()) {
            for (Texture texture : Texture.values()) {
                names.add(lower(texture) + "_" + coarse);
            }
        }
        return names;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
