package org.focaldistill.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one table, and the rule by which all readers of results tell what is a row, be it a report, a query, a
 * sweep that goes on or one that is packed. It is one in a file
 *
 * <ul>
 *   <li>that is named as the store names it: a key and {@code .parquet}, the key being a trial's id, an attempt's trial
 *       and number, or a sweep's id; or {@code pack-}, a hash and {@code .parquet},
 *   <li>that can be read from beginning to end, and
 *   <li>whose rows are of that key, or, in a pack, of the trials that its hash was made of; a file of {@code trials/}
 *       that is no pack has one row.
 * </ul>
 *
 * <p>All else in the folder is no row: what other programs put there, copies under other names, empty and cut files. Of
 * files that have a table's suffix and are passed over, a warning says why, once a process. A file that can not be
 * opened, that a later version of the program wrote or that has a value which this one refuses is an error: it may well be
 * a row.
 *
 * @param <T> what a row is in Java
 */
final class TableFiles<T> {
    private static final Logger LOG = LoggerFactory.getLogger(TableFiles.class);
    private static final String SUFFIX = ".parquet";
    /** Begins the names of files with the rows of many trials; ids are hexadecimal. */
    private static final String PACK = "pack-";
    // Parquet readers skip names that start with a dot or an underscore.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    /** What the names of all files match. */
    static final String FILE = "^" + NAME + Pattern.quote(SUFFIX) + "$";

    private static final Set<Version> WARNED_OF = ConcurrentHashMap.newKeySet();

    private final Configuration configuration;
    private final FileSystem files;
    private final Table<T> table;
    private final Path folder;
    private final Map<Version, Set<String>> keys = new ConcurrentHashMap<>();

    /** A file's content, as it is told from others without reading it. */
    private record Version(Path file, long length, long modified) {
        static Version of(FileStatus file) {
            return new Version(file.getPath(), file.getLen(), file.getModificationTime());
        }
    }

    /** @param files of the local disk without {@code .crc} files, which the store does not write */
    TableFiles(Configuration configuration, FileSystem files, Path results, Table<T> table) {
        this.configuration = configuration;
        this.files = files;
        this.table = table;
        this.folder = new Path(results, table.name());
    }

    Table<T> table() {
        return table;
    }

    Path folder() {
        return folder;
    }

    /** Whether a file is named so by the store. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    static boolean isPack(String name) {
        return name.startsWith(PACK);
    }

    /** The name of a pack of trials. */
    static String packOf(Set<String> trialIds) {
        return PACK + ResultPack.hash(trialIds);
    }

    /** A file's name without its suffix. */
    static String name(FileStatus file) {
        String name = file.getPath().getName();
        return name.substring(0, name.length() - SUFFIX.length());
    }

    Path file(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("Cannot name a " + table.name() + " file '" + name
                    + "': use letters, digits, dots, dashes and underscores, a letter or digit first");
        }
        return new Path(folder, name + SUFFIX);
    }

    /** The files named as the store names them, by name; none when the table does not exist yet. */
    List<FileStatus> list() throws IOException {
        List<FileStatus> found = new ArrayList<>();
        try {
            for (FileStatus file : files.listStatus(folder)) {
                String name = file.getPath().getName();
                if (file.isFile() && name.endsWith(SUFFIX) && isName(name)) {
                    found.add(file);
                }
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        found.sort(Comparator.comparing(file -> file.getPath().getName()));
        return found;
    }

    /** The rows of the files of some names, in the order of names. */
    List<T> rows(Predicate<String> names) throws IOException {
        List<FileStatus> wanted =
                list().stream().filter(file -> names.test(name(file))).toList();
        List<T> rows = new ArrayList<>();
        for (List<T> ofFile : ParallelReads.all(wanted, this::rowsOrNone)) {
            rows.addAll(ofFile);
        }
        return rows;
    }

    /** The keys of the rows in each sound file of some names, by the file's name. Files are read once. */
    Map<String, Set<String>> keys(Predicate<String> names) throws IOException {
        List<FileStatus> all =
                list().stream().filter(file -> names.test(name(file))).toList();
        // Only whether there are rows is kept: all rows of all files could be more than memory holds.
        ParallelReads.all(
                all.stream().filter(file -> !keys.containsKey(Version.of(file))).toList(), file -> rows(file) != null);
        Map<String, Set<String>> found = new LinkedHashMap<>();
        for (FileStatus file : all) {
            Set<String> own = keys.get(Version.of(file));
            if (own != null) {
                found.put(name(file), own);
            }
        }
        return found;
    }

    /** Names, with the suffix, of files named as the store names them that hold no rows, or are not of these names. */
    Set<String> othersThan(Predicate<String> names) throws IOException {
        Set<String> counting = keys(names).keySet();
        return list().stream()
                .filter(file -> !counting.contains(name(file)))
                .map(file -> file.getPath().getName())
                .collect(Collectors.toUnmodifiableSet());
    }

    private List<T> rowsOrNone(FileStatus file) throws IOException {
        List<T> rows = rows(file);
        return rows == null ? List.of() : rows;
    }

    /** A file's rows; null if it does not count. */
    @Nullable List<T> rows(FileStatus file) throws IOException {
        try {
            List<T> rows = table.read(content(file.getPath()), file.getPath());
            table.requireRowsOf(name(file), rows);
            keys.put(Version.of(file), rows.stream().map(table::key).collect(Collectors.toUnmodifiableSet()));
            return rows;
        } catch (FileNotFoundException e) {
            if (files.exists(file.getPath())) {
                throw new IOException(
                        "Cannot read " + table.name() + " file " + file.getPath() + ": " + e.getMessage(), e);
            }
            return null;
        } catch (DamagedFileException e) {
            if (WARNED_OF.add(Version.of(file))) {
                LOG.warn("Passing over {}, which is no row of {}: {}", file.getPath(), table.name(), e.getMessage());
            }
            return null;
        }
    }

    private byte[] content(Path file) throws IOException {
        try (FSDataInputStream in = files.open(file)) {
            return in.readAllBytes();
        }
    }

    /** The rows of a key's own file; null if there is none that counts. */
    @Nullable List<T> own(String key) throws IOException {
        try {
            return rows(files.getFileStatus(file(key)));
        } catch (FileNotFoundException e) {
            return null;
        }
    }

    /** Publishes a file in place of what is there. */
    void replace(String name, List<T> rows) throws IOException {
        AtomicFiles.replace(files, file(name), out -> table.write(configuration, out, rows));
    }

    /** Deletes a file if it is there. */
    void delete(String name) throws IOException {
        files.delete(file(name), false);
    }

    /** Publishes a key's own file unless there is one that counts; returns whether it did. */
    boolean create(String key, List<T> rows) throws IOException {
        Path file = file(key);
        if (own(key) == null) {
            setAside(file);
        }
        try {
            AtomicFiles.writeNew(files, file, out -> table.write(configuration, out, rows));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** Somebody may still make something of it. */
    private void setAside(Path damaged) throws IOException {
        try {
            long modified = files.getFileStatus(damaged).getModificationTime();
            Path aside = damaged.suffix(".damaged-" + modified);
            if (files.rename(damaged, aside)) {
                LOG.warn("The damaged file {} is kept as {}", damaged, aside.getName());
            }
        } catch (FileNotFoundException e) {
            LOG.debug("There is no {}", damaged);
        }
    }
}
