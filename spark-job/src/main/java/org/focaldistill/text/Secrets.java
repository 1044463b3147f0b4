package org.focaldistill.text;

import java.util.regex.Pattern;

/** Keeps passwords and keys out of what is printed and recorded. */
public final class Secrets {
    private static final String HIDDEN = "***";

    /** {@code scheme://user:password@}, as some programs take keys of S3. */
    private static final Pattern IN_ADDRESS = Pattern.compile("(?i)\\b([a-z][a-z0-9+.-]{0,40}://)[^/\\s@]*:[^/\\s@]*@");

    // Both look at a word once, however long: messages may have whole files of a user in them.

    /** A value whose name says that it is secret: in settings, JSON, and the signed addresses of object stores. */
    private static final Pattern NAMED = Pattern.compile(
            "(?i)(?<![\\w.-])((?=[\\w.-]*(?:secret|password|passwd|token|access[._-]?key|credential|signature))[\\w.-]++\"?)"
                    + "(\\s*=\\s*|\\s*:\\s+|\"\\s*:\\s*)(\"[^\"]*\"|[^\\s,;&})\\]]+)");

    private Secrets() {}

    /** Whether an address, or a path, has a password in it. */
    public static boolean inAddress(String address) {
        return IN_ADDRESS.matcher(address).find();
    }

    /** The text without passwords and keys, as far as they can be told by their names. */
    public static String hidden(String text) {
        String withoutUsers = IN_ADDRESS.matcher(text).replaceAll("$1" + HIDDEN + "@");
        return NAMED.matcher(withoutUsers).replaceAll("$1$2" + HIDDEN);
    }
}
