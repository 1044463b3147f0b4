package org.focaldistill.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A setting from the command line, {@code path=value}. The path is relative to the root, or written with it. A value
 * that starts like a list, an object, a quoted text or a substitution is HOCON, and so is a number, true, false and
 * null; everything else is text as it stands, so that {@code hdfs://host/path} needs no quotes.
 *
 * @param path from the root on
 * @param config nothing but the setting
 * @param written the value as it was given
 */
record Setting(List<String> path, Config config, String written) {
    /** What problems call the place of an override. */
    static final String ORIGIN = "--set";

    private static final Pattern HOCON =
            Pattern.compile("(?s)[\\[{\"$].*|[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?|true|false|null");

    /** Reads an override; one that can not be read is a problem, and null. */
    static @Nullable Setting parse(String text, Problems problems) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            problems.add(ORIGIN + " " + text + ": must be path=value, such as sweep.alpha.count=3");
            return null;
        }
        String value = text.substring(equals + 1).trim();
        try {
            List<String> path = ConfigUtil.splitPath(text.substring(0, equals).trim());
            List<String> full = path.get(0).equals(Problems.ROOT) ? path : prefixed(path);
            String hocon = HOCON.matcher(value).matches() ? value : ConfigUtil.quoteString(value);
            Config config = ConfigFactory.parseString(
                    ConfigUtil.joinPath(full) + " = " + hocon,
                    ConfigParseOptions.defaults().setOriginDescription(ORIGIN));
            return new Setting(full, config, value);
        } catch (com.typesafe.config.ConfigException e) {
            problems.add(ORIGIN + " " + text + ": " + e.getMessage());
            return null;
        } catch (StackOverflowError e) {
            problems.add(ORIGIN + " " + Kind.shortened(text) + ": " + Problems.TOO_DEEP);
            return null;
        }
    }

    /**
     * What the command line changed, for its user: {@code set sweep.alpha.count = 3 (was 10)}. Substitutions are shown
     * by what they stand for, where that is known.
     */
    String describe(Config before, Config after) {
        return "set " + Problems.relative(ConfigUtil.joinPath(path)) + " = " + shown(after, "null", written) + " (was "
                + shown(before, "not set", "not known") + ")";
    }

    private String shown(Config config, String missing, String unresolved) {
        try {
            ConfigValue value = find(config.root());
            return value == null ? missing : Kind.shown(value);
        } catch (com.typesafe.config.ConfigException.NotResolved e) {
            return unresolved;
        }
    }

    private @Nullable ConfigValue find(ConfigObject root) {
        ConfigValue found = root;
        for (String key : path) {
            if (!(found instanceof ConfigObject object)) {
                return null;
            }
            found = object.get(key);
        }
        return found;
    }

    private static List<String> prefixed(List<String> path) {
        return Stream.concat(Stream.of(Problems.ROOT), path.stream()).toList();
    }
}
