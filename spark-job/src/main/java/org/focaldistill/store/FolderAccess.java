package org.focaldistill.store;

import java.io.IOException;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/** Finds out before hours of work whether a folder can be used, without the patience that a running sweep has. */
public final class FolderAccess {
    /** Object stores copy and delete instead, and of two writers both may win. */
    private static final Set<String> WITH_ATOMIC_RENAME = Set.of("file", "hdfs", "viewfs");

    private static final String RETRIES = "dfs.client.retry.policy.enabled";

    private final Configuration configuration;

    public FolderAccess(Configuration configuration) {
        this.configuration = new Configuration(configuration);
        this.configuration.setBoolean(RETRIES, false);
    }

    /**
     * Why files can not be published on a kind of file system.
     *
     * @param scheme of its URIs; null for the default one, which is not known yet
     * @return null if they can
     */
    public static @Nullable String refusal(@Nullable String scheme) {
        return scheme == null || WITH_ATOMIC_RENAME.contains(scheme)
                ? null
                : "a file system of the kind " + scheme + ": is not supported: results, checkpoints and all else are"
                        + " published by a rename that happens at once or not at all, which hdfs: and local or"
                        + " shared disks (file:) have";
    }

    static void requireAtomicRename(FileSystem fileSystem) throws IOException {
        String refusal = refusal(fileSystem.getUri().getScheme());
        if (refusal != null) {
            throw new IOException("Cannot write to " + fileSystem.getUri() + ": " + refusal);
        }
    }

    /**
     * Checks that a folder's file system answers; the folder need not exist.
     *
     * @param setting the configuration's path of the folder, for messages
     */
    public void requireReachable(String setting, String folder) throws IOException {
        Path path = new Path(folder);
        try (FileSystem fileSystem = FileSystem.newInstance(path.toUri(), configuration)) {
            boolean unused = fileSystem.exists(path);
        } catch (IOException | IllegalArgumentException e) {
            throw failed("reach", setting, folder, e);
        }
    }

    /**
     * Checks that files can be published in a folder, by publishing one and deleting it; makes the folder.
     *
     * @param setting the configuration's path of the folder, for messages
     */
    public void requireWritable(String setting, String folder) throws IOException {
        Path file = AtomicFiles.hiddenNeighbour(new Path(folder, "writable"));
        try (FileSystem fileSystem = FileSystem.newInstance(file.toUri(), configuration)) {
            AtomicFiles.writeNew(fileSystem, file, new byte[] {1});
            fileSystem.delete(file, false);
        } catch (IOException | IllegalArgumentException e) {
            throw failed("write to", setting, folder, e);
        }
    }

    /** Hadoop's messages have the reason in their first line, the name node's circumstances in others. */
    private static IOException failed(String what, String setting, String folder, Exception cause) {
        String place = what + " " + setting + " = " + folder;
        if (cause instanceof DiskException ofDisk) {
            return ofDisk.at(place);
        }
        String reason = Words.firstLine(cause);
        return new IOException("Cannot " + place + ": " + reason, cause);
    }
}
