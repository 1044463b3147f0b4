package org.focaldistill.report.study;

import static j2html.TagCreator.h2;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;

import j2html.tags.specialized.SectionTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.report.Chart;
import org.focaldistill.report.Curves;
import org.focaldistill.report.Curves.Look;
import org.focaldistill.report.Curves.Point;
import org.focaldistill.report.Decimals;
import org.focaldistill.report.Findings;
import org.focaldistill.report.Section;

/**
 * What {@code CE + gamma F} of one image can be for the three kinds of F, by the probability p of its class, the rest
 * spread evenly over 99 other classes: only the two mistakes fall below zero (Mukhoti et al. 2020, section 3).
 */
final class FocalMistakes implements Section {
    private static final double[] GAMMAS = {0.01, 0.1, 1, 3};
    private static final int OTHERS = 99;
    private static final int POINTS = 60;
    private static final double LEAST = 1e-3;

    private final List<Chart> charts;

    private FocalMistakes(List<Chart> charts) {
        this.charts = charts;
    }

    /** The section where any panel has one of the two forms; its curves have the exponent of the first such panel. */
    static Optional<FocalMistakes> of(List<Findings> panels) {
        return panels.stream()
                .map(panel -> panel.common().loss())
                .filter(loss -> loss.focalForm().canBeNegative())
                .map(LossSettings::focalExponent)
                .findFirst()
                .map(exponent -> new FocalMistakes(charts(exponent)));
    }

    private static List<Chart> charts(double exponent) {
        List<Chart> charts = new ArrayList<>();
        for (double gamma : GAMMAS) {
            charts.add(new Curves("probability p of the image's class", "CE + gamma F")
                    .logarithmic()
                    .x(LEAST, 1)
                    .zero()
                    .size(430, 330)
                    .add("correct", Look.LINE, curve(p -> ce(p) + gamma * Math.pow(1 - p, exponent) * ce(p)))
                    .add("entropy bound", Look.LINE, curve(p -> ce(p) + gamma * (ce(p) - exponent * entropy(p))))
                    .add("lost minus", Look.LINE, curve(p -> ce(p) - gamma * Math.pow(1 - p, exponent) * ce(p)))
                    .chart(
                            "mistakes-" + charts.size(),
                            "gamma " + Decimals.compact(gamma) + ", focal exponent " + Decimals.compact(exponent)));
        }
        return charts;
    }

    private static double ce(double p) {
        return -Math.log(p);
    }

    private static double entropy(double p) {
        double rest = 1 - p;
        return -p * Math.log(p) - (rest <= 0 ? 0 : rest * Math.log(rest / OTHERS));
    }

    private static List<Point> curve(DoubleUnaryOperator loss) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i <= POINTS; i++) {
            double p = Math.pow(LEAST, 1 - i / (double) POINTS);
            double value = loss.applyAsDouble(p);
            points.add(new Point(p, value, String.format(Locale.ROOT, "p %.3f: %.3f", p, value)));
        }
        return points;
    }

    @Override
    public String id() {
        return "mistakes";
    }

    @Override
    public String link() {
        return "How a loss gets below zero";
    }

    @Override
    public SectionTag html() {
        return section(
                h2("How a loss gets below zero"),
                p("A correct focal loss lies between 0 and CE, whatever its weight. Two mistakes do go negative as"
                        + " gamma grows, and are offered as focal forms to be studied: the entropy bound"
                        + " CE - e H(p) of Mukhoti et al. 2020 taken for the loss, and a lost minus sign. They are"
                        + " candidates, not the known cause of anything in the study. One image, beta 1, the"
                        + " other 99 classes equally likely:"),
                Chart.gallery(id(), charts));
    }
}
