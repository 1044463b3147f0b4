package org.focaldistill.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.MessageDigestAlgorithms;
import org.jspecify.annotations.Nullable;

/**
 * Reads a CIFAR archive from the web, a .tar.gz file or an unpacked folder, and checks all of it: checksum, files,
 * lengths, labels, names. Nothing is unpacked; a download goes to a temporary file that is deleted again.
 */
public final class CifarArchive {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Pattern WEB = Pattern.compile("(?i)https?://.*");
    private static final Pattern MD5 = Pattern.compile("[0-9a-fA-F]{32}");

    private final ArchiveFormat format;
    private final @Nullable String md5;
    private final DownloadProgress progress;

    /** Told how far a download is. */
    public interface DownloadProgress {
        /**
         * Called after each piece.
         *
         * @param totalBytes -1 where the server does not say
         */
        void at(long bytes, long totalBytes);
    }

    /** A reader that holds .tar.gz files to the official MD5. */
    public CifarArchive(ArchiveFormat format) {
        this(format, format.officialMd5(), (bytes, totalBytes) -> {});
    }

    private CifarArchive(ArchiveFormat format, @Nullable String md5, DownloadProgress progress) {
        this.format = format;
        this.md5 = md5;
        this.progress = progress;
    }

    /**
     * Holds .tar.gz files to another MD5.
     *
     * @param expected 32 hexadecimal digits, or null to check none
     */
    public CifarArchive withMd5(@Nullable String expected) {
        if (expected != null && !MD5.matcher(expected).matches()) {
            throw new IllegalArgumentException("An MD5 has 32 hexadecimal digits, found '" + expected + "'");
        }
        return new CifarArchive(format, expected, progress);
    }

    /** Reports downloads. */
    public CifarArchive withProgress(DownloadProgress listener) {
        return new CifarArchive(format, md5, listener);
    }

    /**
     * Reads all images.
     *
     * @param source an http(s) address or the path of a .tar.gz file, or an unpacked folder or its parent
     * @throws InvalidDataException when the content is damaged, incomplete, another archive's or refused
     * @throws FileNotFoundException when there is nothing at the path
     * @throws IOException when reading or downloading fails
     */
    public ImageDataSet read(String source) throws IOException {
        if (WEB.matcher(source).matches()) {
            return download(source);
        }
        Path path = localPath(source);
        if (Files.isDirectory(path)) {
            return readFolder(path);
        }
        if (Files.isRegularFile(path)) {
            return readTarGz(path, source);
        }
        throw new FileNotFoundException(
                "Cannot read images from '%s': there is no such file or folder. The official archive is %s"
                        .formatted(source, format.officialUrl()));
    }

    private static Path localPath(String source) throws IOException {
        if (source.isBlank() || source.contains("://")) {
            throw new IOException(
                    "Cannot read images from '%s': give an http(s) address or the path of a .tar.gz or folder"
                            .formatted(source));
        }
        try {
            return Path.of(source);
        } catch (InvalidPathException e) {
            throw new IOException("Cannot read images from '%s': %s".formatted(source, e.getMessage()), e);
        }
    }

    private ImageDataSet download(String url) throws IOException {
        Path file = Files.createTempFile("focaldistill-", ".tar.gz");
        try {
            new Download(TIMEOUT, progress, new WebProxies(System.getenv())).fetch(url, file);
            return readTarGz(file, url);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private ImageDataSet readTarGz(Path file, String source) throws IOException {
        // First: of another archive a checksum would say that it is damaged.
        new OtherArchive(format).refuseFile(file, source);
        requireMd5(file, source);
        Set<String> names = ArchiveDecoder.knownFiles(format);
        return new ArchiveDecoder(format, new TarGz(file, source, format.folderName(), names)).decode();
    }

    private ImageDataSet readFolder(Path path) throws IOException {
        Path inner = path.resolve(format.folderName());
        Path folder = Files.isDirectory(inner) ? inner : path;
        new OtherArchive(format).refuseFolder(folder);
        return new ArchiveDecoder(format, new ArchiveFolder(folder, ArchiveDecoder.knownFiles(format))).decode();
    }

    private void requireMd5(Path file, String source) throws IOException {
        if (md5 == null) {
            return;
        }
        String found = new DigestUtils(MessageDigestAlgorithms.MD5).digestAsHex(file);
        if (!found.equals(md5.toLowerCase(Locale.ROOT))) {
            throw new InvalidDataException(
                    "%s has the MD5 %s, expected %s: it is damaged or another archive. Fetch it again; the official one is %s"
                            .formatted(source, found, md5, format.officialUrl()));
        }
    }
}
