package org.focaldistill.data;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The content of {@code GENERATED.txt}, which tells a folder of generated images from one of photographs.
 *
 * @param train number of training images
 * @param test number of test images
 * @param seed what the images were made from
 */
record GeneratedMarker(int train, int test, long seed) {
    static final String FILE = "GENERATED.txt";

    GeneratedMarker {
        requireCount("train", train);
        requireCount("test", test);
    }

    private static void requireCount(String key, int count) {
        if (count < 1 || count > ArchiveFormat.MAX_IMAGES) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "%s must be in [1, %d], found %d", key, ArchiveFormat.MAX_IMAGES, count));
        }
    }

    String text() {
        return String.format(Locale.ROOT, "train=%d%ntest=%d%nseed=%d%n", train, test, seed)
                .replace("\r\n", "\n");
    }

    /**
     * @param file how people know the file, for messages
     * @throws InvalidDataException when the text is not three lines of train, test and seed
     */
    static GeneratedMarker parse(String text, String file) throws InvalidDataException {
        Map<String, String> values = new HashMap<>();
        for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
            int equals = line.indexOf('=');
            String key = equals < 0 ? line : line.substring(0, equals).strip();
            if (values.put(key, line.substring(equals + 1).strip()) != null) {
                throw new InvalidDataException(file + " has two lines for '" + key + "'");
            }
        }
        try {
            int train = Integer.parseInt(values.getOrDefault("train", ""));
            int test = Integer.parseInt(values.getOrDefault("test", ""));
            long seed = Long.parseLong(values.getOrDefault("seed", ""));
            if (values.size() != 3) {
                throw new InvalidDataException(file + " must have the lines train, test and seed, found "
                        + values.keySet().stream().sorted().toList());
            }
            return new GeneratedMarker(train, test, seed);
        } catch (IllegalArgumentException e) { // NumberFormatException is one
            throw new InvalidDataException(
                    file + " must have the lines train=N, test=N and seed=S with whole numbers: " + e.getMessage()
                            + ". Delete the folder and generate it again.",
                    e);
        }
    }
}
