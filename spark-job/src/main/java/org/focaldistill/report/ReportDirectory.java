package org.focaldistill.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.focaldistill.store.AtomicFiles;

/** A directory that keeps a list of the files reports have written to it, and lets them overwrite no other. */
final class ReportDirectory {
    private static final String LIST = "report-files.txt";

    private final FileSystem files;
    private final Path directory;

    ReportDirectory(Configuration configuration, Path directory) throws IOException {
        this.files = directory.getFileSystem(configuration);
        this.directory = files.makeQualified(directory);
    }

    /** Writes all files, by name, or none when one of them is somebody else's. */
    List<Path> write(Map<String, byte[]> contents) throws IOException {
        Set<String> own = listed();
        for (String name : contents.keySet()) {
            if (!own.contains(name) && files.exists(new Path(directory, name))) {
                throw new FileAlreadyExistsException("Cannot write " + new Path(directory, name)
                        + ": it is there and no earlier report wrote it. Move it away or choose another directory.");
            }
            own.add(name);
        }
        // The list first: after a crash in between, the next report may still overwrite what this one wrote.
        write(LIST, (String.join("\n", own) + "\n").getBytes(StandardCharsets.UTF_8));
        List<Path> written = new ArrayList<>();
        for (Map.Entry<String, byte[]> content : contents.entrySet()) {
            written.add(write(content.getKey(), content.getValue()));
        }
        return List.copyOf(written);
    }

    private Set<String> listed() throws IOException {
        Path list = new Path(directory, LIST);
        if (!files.exists(list)) {
            return new TreeSet<>();
        }
        try (var in = files.open(list)) {
            return new TreeSet<>(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        }
    }

    private Path write(String name, byte[] content) throws IOException {
        Path file = new Path(directory, name);
        AtomicFiles.replace(files, file, content);
        return file;
    }
}
