package org.focaldistill.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.sweep.noise.SeedLayout;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/**
 * One quantity over the alpha x gamma grid of one pair, averaged over seeds, with baselines, lines and references
 * beside it.
 */
public final class SweepTable implements CellGrid {
    static final String CSV_HEADER =
            "dataset,generated,teacher,student,temperature,settings,quantity,role,alpha,beta,gamma,mean,seeds,diverged,stopped";
    private static final int TEXT_WIDTH = 80;

    private final Panel panel;
    private final String betaRule;
    private final Quantity quantity;
    private final List<Double> alphas;
    private final List<Double> gammas;
    private final Map<Double, Map<Double, Cell>> cells;
    private final List<Beside> besides;
    private final int seeds;

    /**
     * Equal trials but for their seeds.
     *
     * @param mean over those that ran to their end; null when there is none
     * @param seeds how many {@code mean} is of
     * @param diverged how many diverged
     * @param stopped how many were stopped early
     */
    public record Cell(LossWeights weights, @Nullable Double mean, int seeds, int diverged, int stopped) {
        /** How many have ended, whichever way. */
        int trials() {
            return seeds + diverged + stopped;
        }
    }

    /** A cell outside the grid, or one that has another role too. */
    record Beside(Role role, Cell cell) {}

    private SweepTable(Panel panel, String betaRule, List<Finished> grid, Quantity quantity) {
        this.panel = panel;
        this.betaRule = betaRule;
        this.quantity = quantity;
        this.cells = new TreeMap<>();
        for (Cell cell : cells(grid, quantity)) {
            cells.computeIfAbsent(cell.weights().alpha(), alpha -> new TreeMap<>())
                    .put(cell.weights().gamma(), cell);
        }
        this.alphas = List.copyOf(cells.keySet());
        this.gammas = List.copyOf(cells.values().stream()
                .flatMap(row -> row.keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new)));
        this.besides = besides(panel, quantity);
        this.seeds = cells.values().stream()
                .flatMap(row -> row.values().stream())
                .mapToInt(Cell::trials)
                .max()
                .orElse(0);
    }

    /** The tables of a panel: one a quantity, for each rule by which beta follows from alpha. */
    static List<SweepTable> of(Panel panel) {
        Map<String, List<Finished>> grids = new LinkedHashMap<>();
        for (Finished trial : panel.trials()) {
            if (trial.roles().contains(Role.GRID)) {
                grids.computeIfAbsent(betaRule(Panel.weights(trial)), rule -> new ArrayList<>())
                        .add(trial);
            }
        }
        if (grids.isEmpty()) {
            grids.put("", List.of());
        }
        List<SweepTable> tables = new ArrayList<>();
        grids.forEach((rule, grid) -> {
            for (Quantity quantity : Quantity.values()) {
                tables.add(new SweepTable(panel, rule, grid, quantity));
            }
        });
        return List.copyOf(tables);
    }

    private static String betaRule(LossWeights weights) {
        return Math.abs(weights.alpha() + weights.beta() - 1) < 1e-9
                ? "beta = 1 - alpha"
                : "beta = " + Decimals.compact(weights.beta());
    }

    private static List<Cell> cells(List<Finished> trials, Quantity quantity) {
        Map<LossWeights, List<TrialOutcome>> byWeights = new LinkedHashMap<>();
        for (Finished trial : trials) {
            byWeights
                    .computeIfAbsent(Panel.weights(trial), weights -> new ArrayList<>())
                    .add(trial.outcome());
        }
        List<Cell> cells = new ArrayList<>();
        byWeights.forEach((weights, outcomes) -> {
            List<Double> values = outcomes.stream()
                    .map(quantity::of)
                    .filter(Objects::nonNull)
                    .map(Objects::requireNonNull)
                    .toList();
            Double mean = values.isEmpty()
                    ? null
                    : values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
            cells.add(new Cell(
                    weights,
                    mean,
                    values.size(),
                    count(outcomes, TrialStatus.DIVERGED),
                    count(outcomes, TrialStatus.STOPPED_EARLY)));
        });
        return cells;
    }

    private static int count(List<TrialOutcome> outcomes, TrialStatus status) {
        return (int)
                outcomes.stream().filter(outcome -> outcome.status() == status).count();
    }

    private static List<Beside> besides(Panel panel, Quantity quantity) {
        List<Beside> besides = new ArrayList<>();
        for (Role role : List.of(Role.BASELINE, Role.REFERENCE, Role.LINE, Role.POINT, Role.VARIANT)) {
            List<Finished> trials = panel.trials().stream()
                    .filter(trial -> trial.roles().contains(role))
                    .toList();
            cells(trials, quantity).forEach(cell -> besides.add(new Beside(role, cell)));
        }
        return List.copyOf(besides);
    }

    public Quantity quantity() {
        return quantity;
    }

    @Override
    public String valueTitle() {
        return quantity.title();
    }

    @Override
    public String slug() {
        return quantity.slug();
    }

    /** The grid's rows, ascending. */
    @Override
    public List<Double> alphas() {
        return alphas;
    }

    /** The grid's columns, ascending. */
    @Override
    public List<Double> gammas() {
        return gammas;
    }

    /** The cell of the grid, or null when none of its trials is finished. */
    @Override
    public @Nullable Cell cell(double alpha, double gamma) {
        Map<Double, Cell> row = cells.get(alpha);
        return row == null ? null : row.get(gamma);
    }

    Panel panel() {
        return panel;
    }

    /** Quantity, pair, data set (and that it is generated), and whatever tells the table from its neighbours. */
    @Override
    public String title() {
        return quantity.title() + ": " + panel.title();
    }

    /** Temperature, the rule for beta and the number of seeds. */
    @Override
    public String settings() {
        List<String> parts = new ArrayList<>();
        parts.add("T = " + Decimals.compact(panel.common().loss().temperature()));
        if (!betaRule.isEmpty()) {
            parts.add(betaRule);
        }
        if (seeds > 0) {
            parts.add(seeds == 1 ? "one seed" : "mean of " + seedsInWords());
        }
        return String.join(", ", parts);
    }

    private String seedsInWords() {
        SeedLayout layout = SeedLayout.of(panel.trials().stream()
                .filter(trial -> trial.roles().contains(Role.GRID))
                .map(trial -> trial.outcome().trial().seed())
                .collect(Collectors.toSet()));
        return layout != null && layout.seeds() == seeds ? layout.toString() : seeds + " seeds";
    }

    /**
     * As in tables and heat maps: the mean, {@code (2/3)} when some seeds are missing; without any {@code STOPPED} when some
     * were stopped early, else {@code div}.
     */
    @Override
    public String show(@Nullable Cell cell) {
        return show(cell, seeds);
    }

    private String show(@Nullable Cell cell, int expected) {
        if (cell == null) {
            return "-";
        }
        Double mean = cell.mean();
        if (mean == null) {
            return cell.stopped() > 0 ? "STOPPED" : cell.diverged() > 0 ? "div" : "-";
        }
        String shown = quantity.format(mean);
        return cell.seeds() == expected ? shown : shown + "(" + cell.seeds() + "/" + expected + ")";
    }

    /** Plain text; columns that would pass 80 characters go below the first ones. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(TextGrid.wrap(title(), TEXT_WIDTH)).append(settings()).append('\n');
        if (!alphas.isEmpty()) {
            gridText().wrapped(TEXT_WIDTH).forEach(block -> text.append('\n').append(block));
        }
        if (!besides.isEmpty()) {
            text.append('\n').append(besidesGrid().text());
        }
        String note = note();
        return note.isEmpty()
                ? text.toString()
                : text.append(TextGrid.wrap(note, TEXT_WIDTH)).toString();
    }

    /** Markdown, with a heading of the third level. */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("### ").append(title()).append("\n\n").append(settings()).append(".\n");
        if (!alphas.isEmpty()) {
            text.append('\n').append(gridText().markdown());
        }
        if (!besides.isEmpty()) {
            text.append('\n').append(besidesGrid().markdown());
        }
        String note = note();
        return note.isEmpty()
                ? text.toString()
                : text.append('\n').append(note).append('\n').toString();
    }

    private TextGrid gridText() {
        List<String> header = new ArrayList<>(List.of("alpha\\gamma"));
        gammas.forEach(gamma -> header.add(Decimals.compact(gamma)));
        TextGrid grid = new TextGrid(header);
        for (double alpha : alphas) {
            List<String> row = new ArrayList<>(List.of(Decimals.compact(alpha)));
            gammas.forEach(gamma -> row.add(show(cell(alpha, gamma))));
            grid.add(row);
        }
        return grid;
    }

    TextGrid besidesGrid() {
        TextGrid grid = new TextGrid(List.of("beside", "alpha", "beta", "gamma", quantity.title(), "seeds"));
        for (Beside beside : besides) {
            Cell cell = beside.cell();
            grid.add(List.of(
                    Words.of(beside.role()),
                    Decimals.compact(cell.weights().alpha()),
                    Decimals.compact(cell.weights().beta()),
                    Decimals.compact(cell.weights().gamma()),
                    show(cell, cell.trials()),
                    String.valueOf(cell.trials())));
        }
        return grid;
    }

    /** Explains the marks that occur. */
    private String note() {
        List<String> shown = new ArrayList<>();
        alphas.forEach(alpha -> gammas.forEach(gamma -> shown.add(show(cell(alpha, gamma)))));
        besides.forEach(beside -> shown.add(show(beside.cell(), beside.cell().trials())));
        List<String> notes = new ArrayList<>();
        if (shown.contains("div")) {
            notes.add("div: DIVERGED, the loss or a gradient stopped being finite");
        }
        if (shown.contains("STOPPED")) {
            notes.add("STOPPED: no seed ran to its end, some were stopped early");
        }
        if (shown.stream().anyMatch(value -> value.endsWith(")"))) {
            notes.add("(a/b): mean of a of b seeds");
        }
        if (shown.contains("-")) {
            notes.add("-: no finished trial");
        }
        return String.join("; ", notes);
    }

    /** One line a cell, after {@link #CSV_HEADER}; the mean is empty when there is none. */
    List<String> csv() {
        List<String> lines = new ArrayList<>();
        cells.values().forEach(row -> row.values().forEach(cell -> lines.add(csv(Words.of(Role.GRID), cell))));
        besides.forEach(beside -> lines.add(csv(Words.of(beside.role()), beside.cell())));
        return lines;
    }

    private String csv(String role, Cell cell) {
        LossWeights weights = cell.weights();
        return String.join(
                ",",
                quoted(panel.common().data().name()),
                panel.generated() ? "generated" : "",
                quoted(panel.common().teacher()),
                quoted(panel.common().student()),
                String.valueOf(panel.common().loss().temperature()),
                quoted(panel.label()),
                quoted(quantity.title()),
                role,
                String.valueOf(weights.alpha()),
                String.valueOf(weights.beta()),
                String.valueOf(weights.gamma()),
                cell.mean() == null ? "" : String.valueOf(cell.mean()),
                String.valueOf(cell.seeds()),
                String.valueOf(cell.diverged()),
                String.valueOf(cell.stopped()));
    }

    static String quoted(String value) {
        return '"' + value.replace("\"", "\"\"") + '"';
    }
}
