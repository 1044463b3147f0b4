package org.focaldistill.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** A gzip-compressed tar file, read as a stream; nothing is unpacked to disk. */
final class TarGz implements ArchiveFiles {
    private static final int BUFFER_BYTES = 1 << 16;
    /** Read-me files and the like; whatever else is larger has no business in a CIFAR archive. */
    private static final long MAX_OTHER_BYTES = 1 << 20;

    private static final Set<Byte> PLAIN_FILE =
            Set.of(TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM, TarConstants.LF_CONTIG);

    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");

    private final Path file;
    private final String source;
    private final String folder;
    private final Set<String> names;

    /**
     * @param file the local file
     * @param source how people know the file, for messages
     * @param folder the folder in the archive
     * @param names files of that folder to show
     */
    TarGz(Path file, String source, String folder, Set<String> names) {
        this.file = file;
        this.source = source;
        this.folder = folder;
        this.names = Set.copyOf(names);
    }

    @Override
    public String location() {
        return source;
    }

    @Override
    public void visit(Visitor visitor) throws IOException {
        if (Files.size(file) == 0) {
            throw new InvalidDataException(source + " is empty. Fetch it again.");
        }
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
                GzipCompressorInputStream gzip = new GzipCompressorInputStream(bytes, true);
                TarArchiveInputStream tar = new TarArchiveInputStream(gzip)) {
            Set<String> seen = new HashSet<>();
            for (TarArchiveEntry entry = tar.getNextTarEntry(); entry != null; entry = tar.getNextTarEntry()) {
                visit(entry, tar, seen, visitor);
            }
            requireOnlyPadding(gzip);
        } catch (InvalidDataException e) {
            throw e;
        } catch (EOFException e) {
            throw new InvalidDataException(source + " is truncated: it ends inside the archive. Fetch it again.", e);
        } catch (IOException e) {
            throw new InvalidDataException(
                    source + " cannot be read as a .tar.gz archive: " + InvalidDataException.reason(e)
                            + ". Fetch it again.",
                    e);
        }
    }

    private void visit(TarArchiveEntry entry, InputStream content, Set<String> seen, Visitor visitor)
            throws IOException {
        String path = requirePlainPath(entry);
        if (entry.isDirectory()) {
            return;
        }
        if (!seen.add(path)) {
            throw new InvalidDataException("%s holds '%s' twice".formatted(source, path));
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (path.equals(folder + "/" + name) && names.contains(name)) {
            visitor.file(name, entry.getSize(), content);
        } else if (entry.getSize() > MAX_OTHER_BYTES) {
            throw new InvalidDataException(String.format(
                    Locale.ROOT,
                    "%s holds the unexpected file '%s' of %d bytes; is it a %s archive?",
                    source,
                    path,
                    entry.getSize(),
                    folder));
        }
    }

    /** The entry's path without empty and '.' parts. */
    private String requirePlainPath(TarArchiveEntry entry) throws InvalidDataException {
        String path = entry.getName();
        List<String> parts = Arrays.asList(path.split("/", -1));
        if (path.startsWith("/") || path.contains("\\") || DRIVE.matcher(path).matches() || parts.contains("..")) {
            throw new InvalidDataException(
                    "%s is refused: its entry '%s' points outside the archive's folder".formatted(source, path));
        }
        if (entry.isSymbolicLink() || entry.isLink()) {
            throw new InvalidDataException(
                    "%s is refused: its entry '%s' is a link to '%s'".formatted(source, path, entry.getLinkName()));
        }
        if (!entry.isDirectory() && (!PLAIN_FILE.contains(entry.getLinkFlag()) || entry.isSparse())) {
            throw new InvalidDataException(
                    "%s is refused: its entry '%s' is not a plain file or folder".formatted(source, path));
        }
        return String.join(
                "/",
                parts.stream()
                        .filter(part -> !part.isEmpty() && !part.equals("."))
                        .toList());
    }

    /** Reads to the end, which also checks gzip's own checksum. */
    private void requireOnlyPadding(InputStream gzip) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = gzip.read(buffer); read >= 0; read = gzip.read(buffer)) {
            for (int i = 0; i < read; i++) {
                if (buffer[i] != 0) {
                    throw new InvalidDataException(
                            source + " has more data after the end of the archive. Fetch it again.");
                }
            }
        }
    }
}
