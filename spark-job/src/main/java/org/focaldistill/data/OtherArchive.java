package org.focaldistill.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** Tells archives that are easily taken for the one wanted: those for Python and MATLAB, and the other data set's. */
final class OtherArchive {
    private static final int ENTRIES_LOOKED_AT = 20;

    private final ArchiveFormat wanted;

    OtherArchive(ArchiveFormat wanted) {
        this.wanted = wanted;
    }

    /** @throws InvalidDataException if a folder is of another archive, unpacked, or holds it */
    void refuseFolder(Path folder) throws IOException {
        Set<String> names = new HashSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> names.add(String.valueOf(file.getFileName())));
        }
        if (!names.contains(wanted.trainFiles().get(0))) {
            names.add(String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
            refuse(names, folder.toString());
        }
    }

    /**
     * Looks at the first entries of a file. One that can not be read that far is left to what reads all of it.
     *
     * @param source how people know the file
     * @throws InvalidDataException if it is another archive, or a file out of one
     */
    void refuseFile(Path file, String source) throws InvalidDataException {
        Set<String> names = new HashSet<>();
        Path parent = file.toAbsolutePath().normalize().getParent();
        if (parent != null && parent.getFileName() != null) {
            names.add(parent.getFileName().toString());
        }
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
                TarArchiveInputStream tar = new TarArchiveInputStream(new GzipCompressorInputStream(bytes))) {
            names.clear();
            TarArchiveEntry entry = tar.getNextTarEntry();
            for (int i = 0; i < ENTRIES_LOOKED_AT && entry != null; i++) {
                names.addAll(List.of(entry.getName().split("/", -1)));
                entry = entry.isDirectory() ? tar.getNextTarEntry() : null;
            }
        } catch (IOException e) {
            // What was seen until then may do.
        }
        refuse(names, source);
    }

    private void refuse(Set<String> names, String source) throws InvalidDataException {
        for (Version version : versions()) {
            if (names.contains(version.folder) || names.containsAll(version.files)) {
                throw new InvalidDataException("%s is %s; %s. The one that is read is the binary version, %s"
                        .formatted(source, version.words, version.advice, wanted.officialUrl()));
            }
        }
    }

    /** @param files some that no other version has */
    private record Version(String folder, List<String> files, String words, String advice) {}

    private List<Version> versions() {
        List<Version> versions = new ArrayList<>();
        String forThatProgram = "its files are for that program alone";
        for (ArchiveFormat format : ArchiveFormat.values()) {
            boolean hundred = format == ArchiveFormat.CIFAR100;
            String python = hundred ? "cifar-100-python" : "cifar-10-batches-py";
            String matlab = hundred ? "cifar-100-matlab" : "cifar-10-batches-mat";
            String name = hundred ? "CIFAR-100" : "CIFAR-10";
            versions.add(new Version(
                    python,
                    hundred ? List.of("train", "test", "meta") : List.of("data_batch_1", "batches.meta"),
                    "the Python version of " + name,
                    forThatProgram));
            versions.add(new Version(
                    matlab,
                    hundred ? List.of("train.mat", "test.mat") : List.of("data_batch_1.mat", "batches.meta.mat"),
                    "the MATLAB version of " + name,
                    forThatProgram));
            if (format != wanted) {
                versions.add(new Version(
                        format.folderName(),
                        List.of(format.trainFiles().get(0), format.testFile()),
                        "an archive of " + name,
                        "to use it, set data.format = " + format.datasetName() + " and data.source"));
            }
        }
        return versions;
    }
}
