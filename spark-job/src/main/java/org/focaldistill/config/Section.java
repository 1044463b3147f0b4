package org.focaldistill.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One object of a configuration while it is read. A refused value is noted among the problems and a stand-in returned,
 * so that reading goes on and finds the other problems too; no configuration is made once there is one.
 *
 * <p>The keys asked for are the keys there are: {@link #finish()} reports the rest as unknown.
 */
final class Section {
    private final String path;
    private final ConfigObject object;
    private final Problems problems;
    private final Missing missing;
    private final Set<String> known = new TreeSet<>();

    /** What a key that is not there means. */
    private enum Missing {
        /** A problem. */
        REFUSED,
        /** The fallback. */
        ALLOWED,
        /** Nothing new: the section itself was refused already. */
        KNOWN
    }

    private Section(String path, ConfigObject object, Problems problems, Missing missing) {
        this.path = path;
        this.object = object;
        this.problems = problems;
        this.missing = missing;
    }

    static Section root(ConfigObject object, Problems problems) {
        return new Section("", object, problems, Missing.REFUSED);
    }

    /**
     * A value.
     *
     * @param fallback taken where the section may leave the key out; stands in for a refused value
     */
    <T> T get(String key, Kind<T> kind, T fallback) {
        ConfigValue value = find(key);
        return value == null ? fallback : read(Problems.child(path, key), value, kind, fallback);
    }

    /**
     * A list; a single value is a list of one.
     *
     * @param fallback taken where the section may leave the key out; stands in where all values are refused
     */
    <T> List<T> list(String key, Kind<T> kind, List<T> fallback) {
        ConfigValue value = find(key);
        if (value == null) {
            return fallback;
        }
        if (!(value instanceof ConfigList elements)) {
            T alone = readOrNull(Problems.child(path, key), value, kind);
            return alone == null ? fallback : List.of(alone);
        }
        List<T> read = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            T element = readOrNull(Problems.child(path, key) + "[" + i + "]", elements.get(i), kind);
            if (element != null) {
                read.add(element);
            }
        }
        return read.isEmpty() && !elements.isEmpty() ? fallback : read;
    }

    /** A section that has to have all its keys. */
    Section section(String key) {
        ConfigValue value = find(key);
        return value == null ? refusedSection(key) : section(Problems.child(path, key), value, Missing.REFUSED);
    }

    /** A section that may leave out keys, or be left out. */
    Section partial(String key) {
        known.add(key);
        ConfigValue value = object.get(key);
        return value == null || value.valueType() == ConfigValueType.NULL
                ? new Section(Problems.child(path, key), empty(), problems, Missing.ALLOWED)
                : section(Problems.child(path, key), value, Missing.ALLOWED);
    }

    /** A list of sections, each with all its keys. */
    List<Section> sections(String key) {
        return sections(key, Missing.REFUSED);
    }

    /** A list of sections that may leave out keys. */
    List<Section> partials(String key) {
        return sections(key, Missing.ALLOWED);
    }

    private List<Section> sections(String key, Missing ofTheirKeys) {
        ConfigValue value = find(key);
        if (value == null) {
            return List.of();
        }
        String at = Problems.child(path, key);
        if (!(value instanceof ConfigList elements)) {
            return List.of(section(at, value, ofTheirKeys));
        }
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            sections.add(section(at + "[" + i + "]", elements.get(i), ofTheirKeys));
        }
        return sections;
    }

    /** The sections of a section whose keys are names; they may leave out keys. */
    Map<String, Section> named() {
        Map<String, Section> sections = new LinkedHashMap<>();
        for (String name : names()) {
            ConfigValue value = find(name);
            if (value != null) {
                sections.put(name, section(Problems.child(path, name), value, Missing.ALLOWED));
            }
        }
        return sections;
    }

    /** The keys that are there, sorted. */
    Set<String> names() {
        return new TreeSet<>(object.keySet());
    }

    boolean isObject(String key) {
        ConfigValue value = object.get(key);
        return value != null && value.valueType() == ConfigValueType.OBJECT;
    }

    boolean has(String key) {
        known.add(key);
        ConfigValue value = object.get(key);
        return value != null && value.valueType() != ConfigValueType.NULL;
    }

    /** Makes something of values that are each allowed; what it refuses about their combination is a problem of the key. */
    <T> T make(String key, T standIn, Supplier<T> maker) {
        String at = key.isEmpty() ? path : Problems.child(path, key);
        if (problems.within(at)) {
            return standIn;
        }
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            problems.add(at, origin(key), String.valueOf(e.getMessage()));
            return standIn;
        }
    }

    void problem(String key, String message) {
        problems.add(Problems.child(path, key), origin(key), message);
    }

    /** Reports the keys that nothing asked for. */
    void finish() {
        for (String key : names()) {
            if (!known.contains(key)) {
                problem(key, "unknown key; " + Spelling.hint(key, known));
            }
        }
    }

    private ConfigOrigin origin(String key) {
        ConfigValue value = object.get(key);
        return value == null ? object.origin() : value.origin();
    }

    private @Nullable ConfigValue find(String key) {
        known.add(key);
        ConfigValue value = object.get(key);
        if (value != null && value.valueType() != ConfigValueType.NULL) {
            return value;
        }
        if (missing == Missing.REFUSED) {
            problem(key, "is missing");
        }
        return null;
    }

    private <T> T read(String at, ConfigValue value, Kind<T> kind, T standIn) {
        T read = readOrNull(at, value, kind);
        return read == null ? standIn : read;
    }

    private <T> @Nullable T readOrNull(String at, ConfigValue value, Kind<T> kind) {
        try {
            return kind.read(value);
        } catch (IllegalArgumentException e) {
            problems.add(at, value.origin(), String.valueOf(e.getMessage()));
            return null;
        }
    }

    private Section section(String at, ConfigValue value, Missing ofItsKeys) {
        if (value instanceof ConfigObject section) {
            return new Section(at, section, problems, ofItsKeys);
        }
        problems.add(at, value.origin(), "must be a section in braces { }, found " + Kind.shown(value));
        return new Section(at, empty(), problems, Missing.KNOWN);
    }

    private Section refusedSection(String key) {
        return new Section(Problems.child(path, key), empty(), problems, Missing.KNOWN);
    }

    private static ConfigObject empty() {
        return ConfigFactory.empty().root();
    }
}
