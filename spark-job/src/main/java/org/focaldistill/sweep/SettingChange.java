package org.focaldistill.sweep;

import java.util.List;
import java.util.Map;

/**
 * A setting in which two trials differ: why they have different ids.
 *
 * @param setting its name in {@link Trial#settings}
 * @param from its value in the first trial
 * @param to its value in the second
 */
public record SettingChange(String setting, String from, String to) {

    /** What differs between two trials, in canonical order; nothing exactly when their ids are equal. */
    public static List<SettingChange> between(Trial first, Trial second) {
        Map<String, String> after = second.settings();
        return first.settings().entrySet().stream()
                .map(setting -> new SettingChange(
                        setting.getKey(), setting.getValue(), String.valueOf(after.get(setting.getKey()))))
                .filter(change -> !change.from().equals(change.to()))
                .toList();
    }

    @Override
    public String toString() {
        return setting + ": " + from + " -> " + to;
    }
}
