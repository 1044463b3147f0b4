package org.focaldistill.store;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.focaldistill.data.CifarDataSet;
import org.focaldistill.data.ImageSet;

/** Checksums of files and of decoded images. */
final class Sha256 {
    private Sha256() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    /**
     * Number of classes, then for training and test images: how many, fine and coarse labels, pixels; numbers as four
     * bytes, big end first.
     */
    static String of(CifarDataSet data) {
        MessageDigest digest = digest();
        update(digest, data.classes());
        update(digest, data.train());
        update(digest, data.test());
        return hex(digest);
    }

    private static void update(MessageDigest digest, ImageSet images) {
        update(digest, images.size());
        for (int i = 0; i < images.size(); i++) {
            digest.update((byte) images.label(i));
        }
        for (int i = 0; i < images.size(); i++) {
            digest.update((byte) images.coarseLabel(i));
        }
        digest.update(images.pixels());
    }

    private static void update(MessageDigest digest, int number) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }
}
