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
 */
record Setting(List<String> path, Config config) {
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
            return new Setting(full, config);
        } catch (com.typesafe.config.ConfigException e) {
            problems.add(ORIGIN + " " + text + ": " + e.getMessage());
            return null;
        }
    }

    /** What the command line changed, for its user: {@code set sweep.alpha.count = 3 (was 10)}. */
    String describe(Config before) {
        ConfigValue was = find(before.root());
        ConfigValue now = find(config.root());
        return "set " + Problems.relative(ConfigUtil.joinPath(path)) + " = "
                + (now == null ? "null" : Kind.shown(now))
                + (was == null ? " (was not set)" : " (was " + Kind.shown(was) + ")");
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
