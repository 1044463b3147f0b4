package org.focaldistill.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Faults that were caused and what came of them, as MEASURED.md has them. */
final class FaultTable {
    private final List<String> lines = new ArrayList<>();

    void add(String fault, String happened, SweepFolder folder) throws IOException {
        lines.add("| " + fault + " | " + happened + "; " + folder.attemptsByEnd() + " | "
                + folder.planned().size() + " / " + folder.found().size() + " |");
    }

    @Override
    public String toString() {
        return "| fault | what happened | rows expected / found |\n|---|---|--:|\n" + String.join("\n", lines);
    }
}
