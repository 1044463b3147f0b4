package org.focaldistill.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the driver of a results folder leaves word of its {@link RunProgress}, for those who ask from elsewhere. */
public final class ProgressFile {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressFile.class);
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final FileSystem files;
    private final Path file;

    /** @param results a results folder, which need not exist yet */
    public ProgressFile(Configuration configuration, Path results) throws IOException {
        this.files = AtomicFiles.withoutChecksumFiles(results.getFileSystem(configuration));
        this.file = new Path(results, "_progress.json");
    }

    /** Replaces what was known before. */
    public void write(RunProgress progress) throws IOException {
        AtomicFiles.replace(files, file, JSON.writeValueAsBytes(progress));
    }

    /** What was written last; null if that is nothing, or nothing of this version's. */
    public @Nullable RunProgress read() throws IOException {
        try (FSDataInputStream in = files.open(file)) {
            return JSON.readValue(in.readAllBytes(), RunProgress.class);
        } catch (FileNotFoundException e) {
            return null;
        } catch (JsonProcessingException e) {
            LOG.debug("Passing over {}: {}", file, Words.reason(e));
            return null;
        }
    }
}
