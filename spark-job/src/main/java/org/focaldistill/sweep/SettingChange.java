package org.focaldistill.sweep;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A setting in which two trials differ: why they have different ids.
 *
 * @param setting its name in {@link Trial#canonical()}
 * @param from its value in the first trial
 * @param to its value in the second
 */
public record SettingChange(String setting, String from, String to) {

    /** What differs between two trials, in canonical order; nothing exactly when their ids are equal. */
    public static List<SettingChange> between(Trial first, Trial second) {
        Map<String, String> before = settings(first);
        Map<String, String> after = settings(second);
        Set<String> names = new LinkedHashSet<>(before.keySet());
        names.addAll(after.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(before.get(name), after.get(name)))
                .map(name -> new SettingChange(
                        name, before.getOrDefault(name, "absent"), after.getOrDefault(name, "absent")))
                .toList();
    }

    private static Map<String, String> settings(Trial trial) {
        Map<String, String> settings = new LinkedHashMap<>();
        trial.canonical().lines().forEach(line -> {
            int equals = line.indexOf('=');
            settings.put(line.substring(0, equals), line.substring(equals + 1));
        });
        return settings;
    }

    @Override
    public String toString() {
        return setting + ": " + from + " -> " + to;
    }
}
