package org.focaldistill.testing;

import java.util.Arrays;
import java.util.List;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;

/** The batch of {@code loss_reference.txt} and the numbers that were computed for it in another framework. */
public record ReferenceLoss(double[] student, double[] teacher, int[] labels, List<String> lines) {
    public static final double T = 4;
    public static final LossSettings SETTINGS = LossSettings.of(new LossWeights(0.1, 0.9, 0.01));
    private static final int LOGITS = 4 * 100;

    public static ReferenceLoss read() {
        double[] student = new double[LOGITS];
        double[] teacher = new double[LOGITS];
        for (int i = 1; i <= LOGITS; i++) {
            student[i - 1] = 12 * Reference.u(3, i) - 6;
            teacher[i - 1] = 16 * Reference.u(5, i) - 8;
        }
        return new ReferenceLoss(student, teacher, new int[] {7, 31, 64, 99}, Reference.lines("loss_reference.txt"));
    }

    /** The number of the line that begins with these words. */
    public double number(String words) {
        return Double.parseDouble(after(words + " ", line(words + " ")));
    }

    public double total() {
        return Double.parseDouble(after("KL=teacher||student: ", line("total")));
    }

    /** Of the first image's classes 0 to 4. */
    public double[] firstSlopes() {
        return Arrays.stream(
                        after("d/dzs[0,0..4] ", line("total")).split(" ;")[0].split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    public double slopeOfFirstLabel() {
        return Double.parseDouble(after("d/dzs[0,7] ", line("total")));
    }

    public double absoluteSlopes() {
        return Double.parseDouble(after("sum|grad| ", line("total")));
    }

    private String line(String words) {
        return lines.stream().filter(l -> l.startsWith(words)).findFirst().orElseThrow();
    }

    private static String after(String words, String line) {
        String rest = line.substring(line.indexOf(words) + words.length());
        return words.startsWith("d/dzs[0,0") ? rest : rest.split(" ")[0];
    }
}
