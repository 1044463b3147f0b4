package org.focaldistill.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Settings as model files have them in their headers, which is Java's text of a record: {@code Recipe[epochs=4, ...]}. */
final class RecordText {
    private static final Pattern RECORD = Pattern.compile("\\w+\\[(\\w+=.*)]");

    /** Fields that came later, as all had them before there was a choice: models of that time do not have them. */
    private static final List<String> ADDED = List.of(
            ", schedule=STEPS",
            ", warmupEpochs=0",
            ", labelSmoothing=0.0",
            ", distillation=kl",
            ", calibrationWeight=0.0");

    private RecordText() {}

    /** A record's text, without fields that came later where they are what they were before. */
    static String of(Record settings) {
        String text = settings.toString();
        for (String field : ADDED) {
            text = text.replaceFirst(Pattern.quote(field) + "(?=, \\w+=|])", "");
        }
        return text;
    }

    /** What differs between two texts, a sentence a setting, e.g. {@code recipe.epochs was 3, is now 4}. */
    static List<String> differences(String name, String before, String now) {
        if (before.equals(now)) {
            return List.of();
        }
        Map<String, String> fields = fields(before);
        Map<String, String> fieldsNow = fields(now);
        if (fields.isEmpty() || fieldsNow.isEmpty()) {
            return List.of(name + " was " + before + ", is now " + now);
        }
        Set<String> keys = new LinkedHashSet<>(fields.keySet());
        keys.addAll(fieldsNow.keySet());
        List<String> differences = new ArrayList<>();
        for (String key : keys) {
            differences.addAll(differences(
                    name + "." + key, fields.getOrDefault(key, "not set"), fieldsNow.getOrDefault(key, "not set")));
        }
        return differences;
    }

    /** The fields of a record's text; none if it is no record's. */
    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher record = RECORD.matcher(text);
        if (record.matches()) {
            for (String field : split(record.group(1))) {
                int equals = field.indexOf('=');
                fields.put(field.substring(0, Math.max(0, equals)), field.substring(equals + 1));
            }
        }
        return fields;
    }

    /** At commas that are in no brackets. */
    private static List<String> split(String fields) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < fields.length(); i++) {
            char c = fields.charAt(i);
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(fields.substring(from, i).strip());
                from = i + 1;
            }
        }
        parts.add(fields.substring(from).strip());
        return parts;
    }
}
