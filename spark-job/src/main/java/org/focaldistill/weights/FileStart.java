package org.focaldistill.weights;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** The first bytes of a file, by which its format is known. */
final class FileStart {
    private static final int SHOWN = 1024;
    private static final int TAR_MARK = 257;

    private final byte[] file;

    FileStart(byte[] file) {
        this.file = file;
    }

    boolean begins(String text) {
        return has(0, text);
    }

    private boolean has(int at, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
        return file.length >= at + wanted.length
                && Arrays.equals(file, at, at + wanted.length, wanted, 0, wanted.length);
    }

    /** What a file is that has no weights which can be read, and what to do about it. */
    String unreadable() {
        if (file.length == 0) {
            return "it is empty; fetch or copy it again";
        }
        String text = new String(file, 0, Math.min(file.length, SHOWN), StandardCharsets.ISO_8859_1)
                .stripLeading()
                .toLowerCase(Locale.ROOT);
        if (text.startsWith("<!doctype") || text.startsWith("<html") || text.startsWith("<?xml")) {
            return "it is a web page: the download failed or needs another address";
        }
        if (text.startsWith("version https://git-lfs")) {
            return "it is a pointer of git-lfs and not the file itself; fetch that with git lfs pull";
        }
        return archive();
    }

    private String archive() {
        if (has(TAR_MARK, "ustar")) {
            return "it is a tar archive (unpack it, or if PyTorch before 0.2 wrote it, save it anew with torch.save)";
        }
        if (begins("\u001f\u008b")) {
            return "it is compressed by gzip; unpack it with gunzip";
        }
        if (begins("\u0089HDF\r\n\u001a\n")) {
            return "it is an HDF5 file, such as Keras writes; a PyTorch checkpoint or safetensors are read";
        }
        return "it is neither a PyTorch checkpoint (.pth, .pt) nor safetensors";
    }
}
