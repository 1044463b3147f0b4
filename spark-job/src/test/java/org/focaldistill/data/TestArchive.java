package org.focaldistill.data;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A small archive of generated images that a test may spoil before it is read. */
final class TestArchive {
    static final int TRAIN = 10;
    static final int TEST = 4;
    private static final long SEED = 21;

    private final String folder;
    private final Map<String, byte[]> files = new TreeMap<>();

    private TestArchive(String folder) {
        this.folder = folder;
    }

    static TestArchive cifar100(Path temp) throws IOException {
        Path source = temp.resolve("source");
        GeneratedImages.write(source, TRAIN, TEST, SEED);
        TestArchive archive = new TestArchive("cifar-100-binary");
        try (var paths = Files.list(source)) {
            for (Path path : paths.toList()) {
                archive.files.put(path.getFileName().toString(), Files.readAllBytes(path));
            }
        }
        return archive;
    }

    /** Five training files of two black images each, with labels 0 to 9. */
    static TestArchive cifar10() {
        TestArchive archive = new TestArchive("cifar-10-batches-bin");
        for (int batch = 0; batch < 5; batch++) {
            byte[] records = new byte[2 * 3073];
            records[0] = (byte) (2 * batch);
            records[3073] = (byte) (2 * batch + 1);
            archive.files.put("data_batch_" + (batch + 1) + ".bin", records);
        }
        archive.files.put("test_batch.bin", new byte[3073]);
        archive.text("batches.meta.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
        return archive.text("GENERATED.txt", "train=10\ntest=1\nseed=0\n");
    }

    static ImageDataSet images() {
        return GeneratedImages.generate(TRAIN, TEST, SEED);
    }

    byte[] file(String name) {
        byte[] content = files.get(name);
        if (content == null) {
            throw new IllegalArgumentException(name);
        }
        return content;
    }

    TestArchive file(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    TestArchive text(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    TestArchive without(String name) {
        files.remove(name);
        return this;
    }

    Path unpackedIn(Path parent) throws IOException {
        Path target = Files.createDirectories(parent.resolve(folder));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(target.resolve(file.getKey()), file.getValue());
        }
        return target;
    }

    Path packed(Path target) throws IOException {
        return packed(target, tar -> {});
    }

    /** @param more adds entries after the archive's own */
    Path packed(Path target, Entries more) throws IOException {
        try (OutputStream out = Files.newOutputStream(target);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out))) {
            tar.putArchiveEntry(new TarArchiveEntry(folder + "/"));
            tar.closeArchiveEntry();
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                add(tar, new TarArchiveEntry(folder + "/" + file.getKey()), file.getValue());
            }
            more.addTo(tar);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return target;
    }

    static void add(TarArchiveOutputStream tar, TarArchiveEntry entry, byte[] content) throws IOException {
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    interface Entries {
        void addTo(TarArchiveOutputStream tar) throws IOException;
    }
}
