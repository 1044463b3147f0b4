package org.focaldistill.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What other programs call the commands; letters alone do not lead from one to the other. */
final class OtherWords {
    private static final Map<String, String> BY_COMMAND = Map.ofEntries(
            Map.entry("prepare", "download fetch get data dataset preprocess"),
            Map.entry("generate", "synthesize fake draw images"),
            Map.entry("teach", "train fit teacher pretrain"),
            Map.entry("sweep", "train fit run start distill grid plan resume continue"),
            Map.entry("status", "progress list ls ps jobs"),
            Map.entry("show", "describe inspect details trial"),
            Map.entry("rerun", "retry repeat reproduce verify"),
            Map.entry("report", "results plot table summary heatmap analyze analyse"),
            Map.entry("pack", "archive merge compact copy"),
            Map.entry("import", "load convert pytorch"),
            Map.entry("export", "save convert onnx"),
            Map.entry("evaluate", "eval test predict infer score"),
            Map.entry("models", "networks architectures zoo"),
            Map.entry("sql", "query select ask"),
            Map.entry("config", "settings options init defaults"),
            Map.entry("doctor", "check info env diagnose gpu devices"),
            Map.entry("bench", "benchmark measure speed profile"));

    static final Set<String> COMMANDS = BY_COMMAND.keySet();

    private OtherWords() {}

    /** The commands that a word is taken for, by name; none if it is for none. */
    static List<String> commands(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return BY_COMMAND.entrySet().stream()
                .filter(entry -> List.of(entry.getValue().split(" ", -1)).contains(lower))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
