package org.focaldistill.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How people name files and folders: a path, one that starts with {@code ~/}, or a URI. Read here, whether they come from
 * a command line or a configuration, into what a Hadoop path is made of.
 */
public final class Locations {
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(.*)", Pattern.DOTALL);
    private static final Pattern OF_WINDOWS = Pattern.compile("[A-Za-z]:[\\\\/].*", Pattern.DOTALL);
    private static final Pattern KNOWN =
            Pattern.compile("(?i)file|hdfs|viewfs|webhdfs|swebhdfs|https?|ftp|s3a?|gs|abfss?");
    /** With a colon behind the host. */
    private static final Pattern OF_HDFS = Pattern.compile("(?is)(hdfs|viewfs|webhdfs|swebhdfs):(//[^/]*)?+/.*:.*");

    private static final String LOCAL = "file";

    private Locations() {}

    /**
     * The location as a Hadoop path takes it: {@code ~} is the user's home folder, and a name with a colon, such as
     * {@code epoch:240.pth}, is no URI.
     *
     * @throws IllegalArgumentException if it can be no location; the message says why and what to give
     */
    public static String read(String text) {
        requireText(text);
        Matcher scheme = SCHEME.matcher(text);
        boolean isUri = scheme.matches() && scheme.group(2).startsWith("/");
        if (!isUri || scheme.group(1).equalsIgnoreCase(LOCAL)) {
            FileNames.requireLetters(text);
        }
        if (text.equals("~") || text.startsWith("~/")) {
            return System.getProperty("user.home") + text.substring(1);
        }
        if (!scheme.matches()) {
            return text;
        }
        if (!isUri && KNOWN.matcher(scheme.group(1)).matches()) {
            throw new IllegalArgumentException("must be written " + scheme.group(1) + "://HOST/PATH or "
                    + scheme.group(1) + ":/PATH, found " + text);
        }
        if (isUri && OF_HDFS.matcher(text).matches()) {
            throw new IllegalArgumentException("must have no colon in its path, which HDFS refuses, found " + text);
        }
        return isUri ? text : "./" + text;
    }

    private static void requireText(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("is empty; give a path or a URI");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("must not have line ends, tabs or other control characters in it");
        }
        if (OF_WINDOWS.matcher(text).matches()) {
            throw new IllegalArgumentException("must be a path of this machine, found one of Windows: " + text
                    + "; under WSL its drives are folders, such as /mnt/c");
        }
    }

    /** Whether it is an http or https address. */
    public static boolean isWeb(String location) {
        return location.matches("(?is)https?://.*");
    }

    /**
     * The path of a location on this machine, as {@link java.nio.file.Path} takes it. Nothing in it is decoded: a URI's
     * {@code %20} stays, as with Hadoop.
     *
     * @throws IllegalArgumentException if it is on another file system
     */
    public static String onThisMachine(String text) {
        String location = read(text);
        Matcher scheme = SCHEME.matcher(location);
        if (!scheme.matches() || !scheme.group(2).startsWith("/")) {
            return location;
        }
        String path = scheme.group(2);
        boolean hasHost = path.startsWith("//") && !path.startsWith("///");
        if (!scheme.group(1).equalsIgnoreCase(LOCAL) || hasHost) {
            throw new IllegalArgumentException("must be a path of this machine, found " + location);
        }
        return path.startsWith("///") ? path.substring(2) : path;
    }
}
