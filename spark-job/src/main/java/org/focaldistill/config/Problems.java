package org.focaldistill.config;

import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a configuration, collected while it is read so that all of it is reported at once. */
final class Problems {
    /** The key that everything of this program stands under. */
    static final String ROOT = "focaldistill";

    /** What is wrong where reading needs more stack than there is. */
    static final String TOO_DEEP = "its brackets, braces or keys are nested too deep to be read";

    private final List<String> lines = new ArrayList<>();
    private final List<String> paths = new ArrayList<>();

    /** Something wrong with one key. */
    void add(String path, ConfigOrigin origin, String message) {
        paths.add(path);
        lines.add(relative(path) + " (" + position(origin) + "): " + message);
    }

    /** Something wrong with an input as a whole. */
    void add(String message) {
        lines.add(message);
    }

    /** Whether anything is wrong at a path or below it. */
    boolean within(String path) {
        return paths.stream()
                .anyMatch(found -> found.equals(path) || found.startsWith(path + ".") || found.startsWith(path + "["));
    }

    void throwIfAny() {
        if (!lines.isEmpty()) {
            throw new ConfigException(lines);
        }
    }

    static String child(String path, String key) {
        String quoted = ConfigUtil.joinPath(key);
        return path.isEmpty() ? quoted : path + "." + quoted;
    }

    /** A path as overrides write it, without the root. */
    static String relative(String path) {
        return path.startsWith(ROOT + ".") ? path.substring(ROOT.length() + 1) : path;
    }

    /** {@code file:line}, or the name of what is not a file. */
    static String position(ConfigOrigin origin) {
        String source = origin.resource() != null ? origin.resource() : origin.filename();
        if (source != null) {
            return origin.lineNumber() > 0 ? source + ":" + origin.lineNumber() : source;
        }
        String description = origin.description();
        if (description.startsWith(Setting.ORIGIN)) {
            return Setting.ORIGIN;
        }
        // An object put together from several places: the first has the last word.
        return description.startsWith("merge of ")
                ? description.substring("merge of ".length()).split(",", 2)[0].replaceFirst(": (\\d+)$", ":$1")
                : description;
    }
}
