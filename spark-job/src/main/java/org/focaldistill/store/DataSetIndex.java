package org.focaldistill.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.focaldistill.data.ArchiveFormat;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.InvalidDataException;

/**
 * What a prepared data set consists of: the content of its {@code _index.json}, which Spark skips when it reads the folder.
 *
 * @param schemaVersion 1 for images like CIFAR's, whose index has no size, mean and deviation; {@value #SCHEMA_VERSION} for others
 * @param name {@code cifar100}, {@code cifar10}, {@code generated}, or what somebody's own images are called
 * @param generated whether the images are procedural, not photographs
 * @param classes number of classes
 * @param classNames names by label
 * @param coarseNames names by coarse label; empty where there are none
 * @param trainImages number of training images
 * @param testImages number of test images
 * @param imageSide rows, and columns, of an image
 * @param mean of red, green and blue in [0, 1] that networks are to take away; empty where it is CIFAR-100's
 * @param deviation what they are to divide by afterwards; empty where it is CIFAR-100's
 * @param hash SHA-256 of labels and pixels, whatever the shards
 * @param shards the files of each split, in the order of their images
 */
public record DataSetIndex(
        int schemaVersion,
        String name,
        boolean generated,
        int classes,
        List<String> classNames,
        List<String> coarseNames,
        int trainImages,
        int testImages,
        int imageSide,
        List<Double> mean,
        List<Double> deviation,
        String hash,
        List<Shard> shards) {
    static final int SCHEMA_VERSION = 2;
    static final int LIKE_CIFAR = 1;
    /** What an index of version 1 leaves out. */
    private static final List<String> SINCE_2 = List.of("imageSide", "mean", "deviation");

    static final String FILE = "_index.json";

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    public DataSetIndex {
        if (schemaVersion != SCHEMA_VERSION && schemaVersion != LIKE_CIFAR) {
            throw new IllegalArgumentException(
                    "schemaVersion must be " + LIKE_CIFAR + " or " + SCHEMA_VERSION + ", found " + schemaVersion);
        }
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        requireImages(schemaVersion, imageSide, mean, deviation);
        classNames = List.copyOf(classNames);
        coarseNames = List.copyOf(coarseNames);
        shards = List.copyOf(shards);
        if (classes < 1 || classes != classNames.size()) {
            throw new IllegalArgumentException("Found " + classes + " classes but " + classNames.size() + " names");
        }
        requireSha256("hash", hash);
        requireContiguous(shards, Split.TRAIN, trainImages);
        requireContiguous(shards, Split.TEST, testImages);
    }

    /**
     * One Parquet file of images.
     *
     * @param file its name in the data set's folder
     * @param split what its images are for
     * @param firstIndex the first image's position in the split
     * @param images how many follow from there
     * @param bytes the file's length
     * @param sha256 the file's SHA-256
     */
    public record Shard(String file, Split split, int firstIndex, int images, long bytes, String sha256) {
        public Shard {
            if (!FILE_NAME.matcher(file).matches()) {
                throw new IllegalArgumentException("'" + file + "' is not the name of a shard file");
            }
            if (firstIndex < 0 || images < 1 || bytes < 1 || bytes > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "Shard %s cannot hold %d images from %d on in %d bytes",
                        file,
                        images,
                        firstIndex,
                        bytes));
            }
            requireSha256("sha256 of shard " + file, sha256);
        }
    }

    /** The number of images of a split. */
    public int images(Split split) {
        return split == Split.TRAIN ? trainImages : testImages;
    }

    /** The shards of a split, in order. */
    public List<Shard> shards(Split split) {
        return shards.stream().filter(shard -> shard.split == split).toList();
    }

    byte[] toJson() throws JsonProcessingException {
        ObjectNode tree = JSON.valueToTree(this);
        return JSON.writeValueAsBytes(schemaVersion == LIKE_CIFAR ? tree.without(SINCE_2) : tree);
    }

    /**
     * @param file for messages
     * @throws InvalidDataException when the file is not an index that this version reads
     */
    static DataSetIndex parse(byte[] json, String file) throws IOException {
        try {
            JsonNode tree = JSON.readTree(json);
            int version = tree.path("schemaVersion").asInt();
            if (version > SCHEMA_VERSION) {
                throw new InvalidDataException(String.format(
                        Locale.ROOT,
                        "%s has the schema version %d, this program reads %d: use a newer one, or prepare the data again elsewhere",
                        file,
                        version,
                        SCHEMA_VERSION));
            }
            if (version == LIKE_CIFAR && tree instanceof ObjectNode index) {
                index.put("imageSide", ArchiveFormat.SIDE);
                index.putArray("mean");
                index.putArray("deviation");
            }
            return JSON.treeToValue(tree, DataSetIndex.class);
        } catch (JsonProcessingException e) {
            throw new InvalidDataException(
                    "%s is damaged: %s. Delete its folder and run 'focaldistill prepare' again."
                            .formatted(file, e.getOriginalMessage()),
                    e);
        }
    }

    private static void requireImages(int version, int side, List<Double> mean, List<Double> deviation) {
        boolean own = version != LIKE_CIFAR;
        int colours = own ? ImageSet.CHANNELS : 0;
        boolean sane = mean.size() == colours
                && deviation.size() == colours
                && mean.stream().allMatch(Double::isFinite)
                && deviation.stream().allMatch(each -> each > 0 && Double.isFinite(each));
        if (!sane || side < 1 || (!own && side != ArchiveFormat.SIDE)) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "Images of %d rows with means %s and deviations %s can not be of schemaVersion %d",
                    side,
                    mean,
                    deviation,
                    version));
        }
    }

    private static void requireContiguous(List<Shard> shards, Split split, int images) {
        int next = 0;
        for (Shard shard : shards) {
            if (shard.split != split) {
                continue;
            }
            if (shard.firstIndex != next) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "Shard %s should begin with %s image %d, found %d",
                        shard.file,
                        split.label(),
                        next,
                        shard.firstIndex));
            }
            next = Math.addExact(next, shard.images);
        }
        if (next != images) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "The %s shards hold %d images, expected %d", split.label(), next, images));
        }
    }

    private static void requireSha256(String what, String value) {
        if (!SHA256.matcher(value).matches()) {
            throw new IllegalArgumentException(what + " must be 64 hexadecimal digits, found '" + value + "'");
        }
    }
}
