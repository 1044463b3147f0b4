package org.focaldistill.store.own;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.focaldistill.data.InvalidDataException;

/** A folder of somebody's, or a file, and what is in it. What systems leave there of their own is not seen. */
final class SourceFiles {
    private final FileSystem fileSystem;
    private final Path root;

    SourceFiles(Configuration configuration, Path root) throws IOException {
        this.fileSystem = root.getFileSystem(configuration);
        // From its text, which has no slash at its end.
        this.root = new Path(fileSystem.makeQualified(root).toString());
    }

    Path root() {
        return root;
    }

    /** @throws InvalidDataException if there is nothing, with what to give */
    boolean isFolder() throws IOException {
        try {
            return fileSystem.getFileStatus(root).isDirectory();
        } catch (FileNotFoundException e) {
            throw new InvalidDataException("There are no images in " + root + ": there is no such file or folder", e);
        }
    }

    /** What a folder holds, by name. */
    List<FileStatus> list(Path folder) throws IOException {
        List<FileStatus> found = new ArrayList<>();
        for (FileStatus status : fileSystem.listStatus(folder)) {
            if (!ofSystem(status.getPath().getName())) {
                found.add(status);
            }
        }
        found.sort(Comparator.comparing(status -> status.getPath().getName()));
        return found;
    }

    /** All files below a folder, by path. */
    List<FileStatus> files(Path folder) throws IOException {
        List<FileStatus> found = new ArrayList<>();
        for (FileStatus status : list(folder)) {
            if (status.isDirectory()) {
                found.addAll(files(status.getPath()));
            } else {
                found.add(status);
            }
        }
        return found;
    }

    private static boolean ofSystem(String name) {
        return name.startsWith(".")
                || name.equals("_SUCCESS")
                || name.equals("__MACOSX")
                || name.equalsIgnoreCase("Thumbs.db")
                || name.equalsIgnoreCase("desktop.ini");
    }

    /** A path as people find it: from the root on, or what the root is called. */
    String name(Path path) {
        String whole = path.toUri().getPath();
        String ofRoot = root.toUri().getPath();
        return whole.startsWith(ofRoot + "/") ? whole.substring(ofRoot.length() + 1) : path.getName();
    }

    byte[] content(Path file) throws IOException {
        try (FSDataInputStream in = fileSystem.open(file)) {
            return in.readAllBytes();
        }
    }
}
