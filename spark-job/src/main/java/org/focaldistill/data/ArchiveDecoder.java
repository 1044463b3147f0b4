package org.focaldistill.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one archive in two passes over its files: names and lengths first, so that nothing is allocated for a file
 * that is not as long as it should be, then the records.
 */
final class ArchiveDecoder {
    private static final int MAX_TEXT_BYTES = 1 << 16;
    /** What editors on Windows begin a text with. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final ArchiveFormat format;
    private final ArchiveFiles files;
    private final Map<String, Long> lengths = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();

    ArchiveDecoder(ArchiveFormat format, ArchiveFiles files) {
        this.format = format;
        this.files = files;
    }

    /** The files a format may have, the marker of generated images included. */
    static Set<String> knownFiles(ArchiveFormat format) {
        Set<String> names = new HashSet<>(format.requiredFiles());
        names.add(GeneratedMarker.FILE);
        return names;
    }

    ImageDataSet decode() throws IOException {
        files.visit(this::measure);
        requireFiles();
        GeneratedMarker marker = marker();
        int train = marker == null ? format.officialTrainImages() : marker.train();
        int test = marker == null ? format.officialTestImages() : marker.test();
        List<String> classNames = names(format.classNamesFile(), format.classes());
        List<String> coarseNames = new ArrayList<>();
        for (String file : format.coarseNamesFiles()) {
            coarseNames.addAll(names(file, format.coarseClasses()));
        }
        int perTrainFile = perTrainFile(train);
        for (String file : format.trainFiles()) {
            requireLength(file, perTrainFile);
        }
        requireLength(format.testFile(), test);

        ImageSetBuilder trainImages = new ImageSetBuilder(ArchiveFormat.SIDE, train);
        ImageSetBuilder testImages = new ImageSetBuilder(ArchiveFormat.SIDE, test);
        decodeRecords(perTrainFile, test, trainImages, testImages);
        return new ImageDataSet(
                marker == null ? format.datasetName() : ImageDataSet.GENERATED,
                marker != null,
                classNames,
                coarseNames,
                trainImages.build(),
                testImages.build());
    }

    private void decodeRecords(int perTrainFile, int test, ImageSetBuilder trainImages, ImageSetBuilder testImages)
            throws IOException {
        RecordReader records = new RecordReader(format, files.location());
        files.visit((name, bytes, content) -> {
            int batch = format.trainFiles().indexOf(name);
            if (batch >= 0) {
                records.read(name, content, perTrainFile, trainImages, batch * perTrainFile);
            } else if (name.equals(format.testFile())) {
                records.read(name, content, test, testImages, 0);
            }
        });
    }

    private void measure(String name, long bytes, InputStream content) throws IOException {
        lengths.put(name, bytes);
        if (name.endsWith(".txt")) {
            if (bytes > MAX_TEXT_BYTES) {
                throw new InvalidDataException(String.format(
                        Locale.ROOT,
                        "%s of %s has %d bytes, at most %d are expected",
                        name,
                        files.location(),
                        bytes,
                        MAX_TEXT_BYTES));
            }
            texts.put(name, text(name, content.readNBytes(MAX_TEXT_BYTES)));
        } else if (bytes > (long) ArchiveFormat.MAX_IMAGES * format.recordLength()) {
            throw new InvalidDataException(String.format(
                    Locale.ROOT, "%s of %s has %d bytes, more than any image set", name, files.location(), bytes));
        }
    }

    private String text(String name, byte[] bytes) throws InvalidDataException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new InvalidDataException("%s of %s is not text in UTF-8".formatted(name, files.location()), e);
        }
    }

    private void requireFiles() throws InvalidDataException {
        List<String> missing = format.requiredFiles().stream()
                .filter(file -> !lengths.containsKey(file))
                .toList();
        if (!missing.isEmpty()) {
            String text =
                    "%s is not a whole %s archive: %s missing. The official one is %s; images of your own are read"
                            + " with data.format = folder or parquet";
            throw new InvalidDataException(
                    text.formatted(files.location(), format.folderName(), missing, format.officialUrl()));
        }
    }

    private @Nullable GeneratedMarker marker() throws InvalidDataException {
        String text = texts.get(GeneratedMarker.FILE);
        return text == null ? null : GeneratedMarker.parse(text, GeneratedMarker.FILE + " of " + files.location());
    }

    private int perTrainFile(int train) throws InvalidDataException {
        int count = format.trainFiles().size();
        if (train % count != 0) {
            throw new InvalidDataException(String.format(
                    Locale.ROOT,
                    "%s of %s says train=%d, which cannot be spread evenly over %d files",
                    GeneratedMarker.FILE,
                    files.location(),
                    train,
                    count));
        }
        return train / count;
    }

    private List<String> names(String file, int count) throws InvalidDataException {
        List<String> names = texts.getOrDefault(file, "")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (names.size() != count) {
            throw new InvalidDataException(String.format(
                    Locale.ROOT,
                    "%s of %s must have %d names, one a line, found %d",
                    file,
                    files.location(),
                    count,
                    names.size()));
        }
        return names;
    }

    private void requireLength(String file, int records) throws InvalidDataException {
        long found = lengths.getOrDefault(file, 0L);
        long expected = (long) records * format.recordLength();
        if (found == expected) {
            return;
        }
        String what = found < expected
                ? String.format(
                        Locale.ROOT,
                        "is truncated: it ends %s record %d",
                        found % format.recordLength() == 0 ? "before" : "inside",
                        found / format.recordLength())
                : String.format(Locale.ROOT, "has extra bytes from record %d on", records);
        throw new InvalidDataException(String.format(
                Locale.ROOT,
                "%s of %s %s (byte offset %d); it has %d bytes, expected %d: %d records of %d bytes. Fetch it again.",
                file,
                files.location(),
                what,
                Math.min(found, expected),
                found,
                expected,
                records,
                format.recordLength()));
    }
}
