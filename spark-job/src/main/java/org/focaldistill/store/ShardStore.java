package org.focaldistill.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.focaldistill.data.ImageDataSet;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.InvalidDataException;
import org.focaldistill.store.DataSetIndex.Shard;

/** One prepared data set: a folder of Parquet shards with an index, on any Hadoop file system that can rename. */
public final class ShardStore {
    private static final String ANEW = "Delete its folder and run 'focaldistill prepare' again.";

    private final Configuration configuration;
    private final FileSystem fileSystem;
    private final Path directory;

    /**
     * @param directory the data set's own folder; without a scheme it is on the default file system
     * @throws IOException when its file system cannot be reached
     */
    public ShardStore(Configuration configuration, Path directory) throws IOException {
        this.configuration = configuration;
        this.fileSystem = AtomicFiles.withoutChecksumFiles(directory.getFileSystem(configuration));
        this.directory = fileSystem.makeQualified(directory);
    }

    /**
     * Writes a data set, whole or not at all. Where the same images are prepared already, nothing is written.
     *
     * @return the index of what is there afterwards
     * @throws FileAlreadyExistsException when the folder holds something else
     */
    public DataSetIndex write(ImageDataSet data, int imagesPerShard) throws IOException {
        if (imagesPerShard < 1) {
            throw new IllegalArgumentException("imagesPerShard must be at least 1, found " + imagesPerShard);
        }
        String hash = DataSetHash.of(data);
        if (fileSystem.exists(directory) && !isEmptyFolder()) {
            return requireSame(hash);
        }
        Leftovers.deleteOfGone(fileSystem, directory.getParent());
        Path temporary = AtomicFiles.hiddenNeighbour(directory);
        try {
            fileSystem.mkdirs(temporary);
            DataSetIndex index = writeInto(temporary, data, hash, imagesPerShard);
            AtomicFiles.moveFolder(fileSystem, temporary, directory);
            return index;
        } catch (FileAlreadyExistsException e) { // somebody else was preparing the data too
            return requireSame(hash);
        } catch (FSError e) {
            throw DiskException.at(directory, e);
        } catch (IOException e) {
            throw DiskException.at(directory, e);
        } finally {
            fileSystem.delete(temporary, true);
        }
    }

    /** Whether there is a data set, which may be any. */
    public boolean isPrepared() throws IOException {
        return fileSystem.exists(new Path(directory, DataSetIndex.FILE));
    }

    /**
     * The index.
     *
     * @throws FileNotFoundException when the data set is not prepared
     * @throws InvalidDataException when the index is damaged or from a newer version
     */
    public DataSetIndex index() throws IOException {
        Path file = new Path(directory, DataSetIndex.FILE);
        try (FSDataInputStream in = fileSystem.open(file)) {
            return DataSetIndex.parse(in.readAllBytes(), file.toString());
        } catch (FileNotFoundException e) {
            throw missing(
                    "There is no prepared data set in %s. Run 'focaldistill prepare' first.".formatted(directory), e);
        }
    }

    /**
     * All images of a split.
     *
     * @throws FileNotFoundException when a shard is missing
     * @throws InvalidDataException when a shard is damaged or not what the index says
     */
    public ImageSet read(Split split) throws IOException {
        DataSetIndex index = index();
        return read(index, split, index.images(split));
    }

    /**
     * The first {@code first} images of a split; reads no more shards than they need.
     *
     * @throws IllegalArgumentException when the split has fewer
     * @throws FileNotFoundException when a shard is missing
     * @throws InvalidDataException when a shard is damaged or not what the index says
     */
    public ImageSet read(Split split, int first) throws IOException {
        return read(index(), split, first);
    }

    private ImageSet read(DataSetIndex index, Split split, int first) throws IOException {
        if (first < 0 || first > index.images(split)) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "Cannot read the first %d of %d %s images of %s",
                    first,
                    index.images(split),
                    split.label(),
                    directory));
        }
        ShardImages images = new ShardImages(first, index);
        for (Shard shard : index.shards(split)) {
            if (shard.firstIndex() < first) {
                Path file = new Path(directory, shard.file());
                images.add(shard, checkedContent(file, shard), file.toString(), new ShardFile(configuration));
            }
        }
        return images.build();
    }

    private byte[] checkedContent(Path file, Shard shard) throws IOException {
        try {
            FileStatus status = fileSystem.getFileStatus(file);
            if (status.getLen() != shard.bytes()) {
                throw damaged(
                        file,
                        String.format(Locale.ROOT, "it has %d bytes, expected %d", status.getLen(), shard.bytes()));
            }
            byte[] content = new byte[Math.toIntExact(shard.bytes())];
            try (FSDataInputStream in = fileSystem.open(file)) {
                in.readFully(content);
            }
            String found = DigestUtils.sha256Hex(content);
            if (!found.equals(shard.sha256())) {
                throw damaged(file, "its SHA-256 is %s, expected %s".formatted(found, shard.sha256()));
            }
            return content;
        } catch (FileNotFoundException e) {
            // May come back, unlike what is damaged.
            throw missing("Shard " + file + " is missing. " + ANEW, e);
        }
    }

    private static FileNotFoundException missing(String message, FileNotFoundException cause) {
        FileNotFoundException missing = new FileNotFoundException(message);
        missing.initCause(cause);
        return missing;
    }

    private static InvalidDataException damaged(Path file, String what) {
        return new InvalidDataException("Shard %s is damaged: %s. %s".formatted(file, what, ANEW));
    }

    private boolean isEmptyFolder() throws IOException {
        return fileSystem.getFileStatus(directory).isDirectory() && fileSystem.listStatus(directory).length == 0;
    }

    private DataSetIndex requireSame(String hash) throws IOException {
        if (!isPrepared()) {
            throw new FileAlreadyExistsException(
                    "%s exists and is not a prepared data set (it has no %s). Choose another paths.data or delete it."
                            .formatted(directory, DataSetIndex.FILE));
        }
        DataSetIndex there = index();
        if (!there.hash().equals(hash)) {
            throw new FileAlreadyExistsException(
                    "%s holds other images: their hash is %s, that of the new ones %s. Choose another paths.data or delete it."
                            .formatted(directory, there.hash(), hash));
        }
        return there;
    }

    private DataSetIndex writeInto(Path folder, ImageDataSet data, String hash, int imagesPerShard) throws IOException {
        List<Shard> shards = new ArrayList<>();
        shards.addAll(writeShards(folder, Split.TRAIN, data.train(), imagesPerShard));
        shards.addAll(writeShards(folder, Split.TEST, data.test(), imagesPerShard));
        DataSetIndex index = new DataSetIndex(
                data.statistics() == null ? DataSetIndex.LIKE_CIFAR : DataSetIndex.SCHEMA_VERSION,
                data.name(),
                data.generated(),
                data.classes(),
                data.classNames(),
                data.coarseNames(),
                data.train().size(),
                data.test().size(),
                data.train().side(),
                data.statistics() == null ? List.of() : data.statistics().mean(),
                data.statistics() == null ? List.of() : data.statistics().deviation(),
                hash,
                shards);
        AtomicFiles.writeNew(fileSystem, new Path(folder, DataSetIndex.FILE), index.toJson());
        return index;
    }

    private List<Shard> writeShards(Path folder, Split split, ImageSet images, int imagesPerShard) throws IOException {
        List<Shard> shards = new ArrayList<>();
        for (int first = 0; first < images.size(); ) {
            int count = Math.min(imagesPerShard, images.size() - first);
            String name = String.format(Locale.ROOT, "%s-%05d.parquet", split.label(), shards.size());
            MessageDigest digest = DigestUtils.getSha256Digest();
            Path file = new Path(folder, name);
            int from = first;
            AtomicFiles.write(
                    fileSystem,
                    file,
                    out -> new ShardFile(configuration)
                            .write(new DigestOutputStream(out, digest), images, from, count));
            long bytes = fileSystem.getFileStatus(file).getLen();
            shards.add(new Shard(name, split, first, count, bytes, Hex.encodeHexString(digest.digest())));
            first += count;
        }
        return shards;
    }
}
