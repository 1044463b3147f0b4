package org.focaldistill.text;

import java.util.regex.Pattern;

/** What an error says for people: what went wrong first. */
public final class Causes {
    /** What Spark puts before the error of a task. */
    private static final Pattern OF_A_JOB =
            Pattern.compile("^Job aborted due to stage failure: .*? \\(TID \\d+\\) \\(.*?\\): ");

    private Causes() {}

    /** The innermost cause. */
    public static Throwable root(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** The first line of what the innermost cause says; with its kind where that is no sentence, a path say. */
    public static String sentence(Throwable error) {
        Throwable root = root(error);
        String message = root.getMessage() == null ? "" : root.getMessage().strip();
        String line = OF_A_JOB.matcher(message.lines().findFirst().orElse("")).replaceFirst("");
        if (line.contains(" ")) {
            return line;
        }
        String kind = root.getClass().getSimpleName();
        return line.isEmpty() ? kind : kind + ": " + line;
    }
}
