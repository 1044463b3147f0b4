package org.focaldistill.sweep;

import org.apache.commons.codec.digest.DigestUtils;

/** The short hash that trials, sweeps and banks are known by. */
public final class Digest {
    private Digest() {}

    /** The first 20 hexadecimal digits of the SHA-256 of a text's UTF-8 bytes. */
    public static String of(String text) {
        return DigestUtils.sha256Hex(text).substring(0, 20);
    }
}
