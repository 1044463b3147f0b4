package org.focaldistill.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Suggestions for names that are not known. */
final class Spelling {
    private Spelling() {}

    /** {@code did you mean 'x'?} where a known name is close, else all known names. */
    static String hint(String name, Collection<String> known) {
        if (known.isEmpty()) {
            return "there are none";
        }
        String nearest = known.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .orElse("");
        return distance(name, nearest) <= Math.max(1, nearest.length() / 3)
                ? "did you mean '" + nearest + "'?"
                : "known: " + String.join(", ", known);
    }

    /** Insertions, deletions, replacements and swaps of neighbours between two names, blind to case. */
    private static int distance(String first, String second) {
        String a = first.toLowerCase(Locale.ROOT);
        String b = second.toLowerCase(Locale.ROOT);
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                int replaced = steps[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                steps[i][j] = Math.min(replaced, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
                }
            }
        }
        return steps[a.length()][b.length()];
    }
}
