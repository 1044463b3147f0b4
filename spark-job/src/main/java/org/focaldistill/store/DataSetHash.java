package org.focaldistill.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.focaldistill.data.ImageDataSet;
import org.focaldistill.data.ImageSet;

/** What a data set is known by: a hash of its images and labels as they are decoded, however they are stored. */
final class DataSetHash {
    private DataSetHash() {}

    /**
     * SHA-256 over, of somebody's own images, their size and the names of classes, and of all the number of classes, then for training and test images: how many, fine and coarse labels, pixels;
     * numbers as four bytes, big end first.
     */
    static String of(ImageDataSet data) {
        MessageDigest digest = DigestUtils.getSha256Digest();
        if (data.statistics() != null) {
            update(digest, data.train().side());
            for (String name : data.classNames()) {
                byte[] text = name.getBytes(StandardCharsets.UTF_8);
                update(digest, text.length);
                digest.update(text);
            }
        }
        update(digest, data.classes());
        update(digest, data.train());
        update(digest, data.test());
        return Hex.encodeHexString(digest.digest());
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
