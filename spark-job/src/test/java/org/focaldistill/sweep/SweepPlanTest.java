package org.focaldistill.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.focaldistill.loss.Distillation;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.junit.jupiter.api.Test;

class SweepPlanTest {
    private static final Recipe RECIPE = new Recipe(240, 64, 0.05, 0.9, 5e-4, List.of(0.625, 0.75, 0.875), 0.1);
    private static final DataRef DATA = new DataRef("cifar100", "d0", false, 50_000, 0, 10_000);
    private static final Map<String, String> TEACHERS = Map.of("big", "t0", "bigger", "t1");
    private static final List<LossWeights> BASELINES = List.of(new LossWeights(0.5, 0.5, 0), new LossWeights(0, 1, 0));
    private static final Grid STUDY_GRID =
            new Grid(Axis.leftEdges(0, 0.1, 10), Axis.leftEdges(0, 0.01, 10), Beta.ONE_MINUS_ALPHA);

    @Test
    void theStudysGridIsAHundredCellsABaselineOutsideThemAndALine() {
        SweepPlan plan = plan(definition(List.of(new Pair("big", "small")), STUDY_GRID, seeds(1, 1)));

        assertThat(withRole(plan, Role.GRID)).hasSize(100);
        assertThat(withRole(plan, Role.BASELINE)).hasSize(2);
        assertThat(withRole(plan, Role.REFERENCE)).hasSize(1);
        assertThat(withRole(plan, Role.LINE)).hasSize(10);
        // Cross entropy alone is a baseline and a cell; alpha .5 gamma 0 is a baseline and starts the line.
        assertThat(plan.trials()).hasSize(100 + 2 + 1 + 10 - 2);
    }

    @Test
    void aTrialTwoRolesAskForHasBothAtItsEarlierPlace() {
        SweepPlan plan = plan(definition(List.of(new Pair("big", "small")), STUDY_GRID, seeds(1, 1)));

        assertThat(plan.trials().get(0).roles()).containsExactlyInAnyOrder(Role.BASELINE, Role.LINE);
        assertThat(plan.trials().get(1).trial().loss().weights()).isEqualTo(LossWeights.CROSS_ENTROPY);
        assertThat(plan.trials().get(1).roles()).containsExactlyInAnyOrder(Role.BASELINE, Role.GRID);
        assertThat(plan.trials().get(2).roles()).containsExactly(Role.REFERENCE);
    }

    @Test
    void startsPairByPairWithTheYardsticksThenSeedBySeed() {
        List<Pair> pairs = List.of(new Pair("big", "small"), new Pair("bigger", "small"));
        Grid grid = new Grid(Axis.of(0.1, 0.2), Axis.of(0), Beta.ONE_MINUS_ALPHA);
        SweepPlan plan = plan(new SweepDefinition(
                pairs,
                List.of(LossWeights.CROSS_ENTROPY),
                List.of(),
                List.of(),
                grid,
                variants(),
                seeds(1, 2),
                TeacherMode.ONLINE,
                1,
                5,
                Map.of("small", RECIPE),
                SamplePoints.NONE,
                List.of()));

        assertThat(plan.trials().stream()
                        .map(planned -> planned.trial().teacher() + " "
                                + planned.trial().loss().weights().alpha() + " "
                                + planned.trial().initSeed()))
                .containsExactly(
                        "big 0.0 0",
                        "big 0.0 1",
                        "big 0.1 0",
                        "big 0.2 0",
                        "big 0.1 1",
                        "big 0.2 1",
                        "bigger 0.0 0",
                        "bigger 0.0 1",
                        "bigger 0.1 0",
                        "bigger 0.2 0",
                        "bigger 0.1 1",
                        "bigger 0.2 1");
    }

    @Property(tries = 50)
    void hasEveryCombinationOnce(
            @ForAll @IntRange(min = 1, max = 4) int alphas,
            @ForAll @IntRange(min = 1, max = 4) int gammas,
            @ForAll @IntRange(min = 1, max = 3) int dataSeeds,
            @ForAll @IntRange(min = 1, max = 3) int initSeeds,
            @ForAll @IntRange(min = 1, max = 2) int temperatures) {
        SweepDefinition definition = new SweepDefinition(
                List.of(new Pair("big", "small"), new Pair("bigger", "small")),
                List.of(),
                List.of(),
                List.of(),
                new Grid(Axis.leftEdges(0, 0.1, alphas), Axis.leftEdges(0, 0.01, gammas), Beta.ONE_MINUS_ALPHA),
                new LossVariants(
                        IntStream.rangeClosed(1, temperatures)
                                .mapToObj(t -> (double) t)
                                .toList(),
                        Arrays.asList(KlDirection.values()),
                        List.of(FocalForm.FIXED),
                        List.of(2.0),
                        List.of(0.0),
                        List.of(Distillation.PLAIN),
                        List.of(0.0)),
                seeds(dataSeeds, initSeeds),
                TeacherMode.ONLINE,
                1,
                5,
                Map.of("small", RECIPE),
                SamplePoints.NONE,
                List.of());

        List<String> ids = ids(plan(definition));
        assertThat(ids)
                .hasSize(2 * alphas * gammas * dataSeeds * initSeeds * temperatures * 2)
                .doesNotHaveDuplicates();
    }

    @Property(tries = 30)
    void equalDefinitionsGiveEqualPlans(@ForAll @IntRange(min = 1, max = 5) int count) {
        SweepPlan first = plan(onePair(count, seeds(2, 1)));
        SweepPlan second = plan(onePair(count, seeds(2, 1)));
        assertThat(ids(first)).isEqualTo(ids(second));
        assertThat(first.sweepId()).isEqualTo(second.sweepId());
    }

    @Property(tries = 30)
    void addingASeedKeepsEveryOldTrial(
            @ForAll @IntRange(min = 1, max = 4) int count,
            @ForAll @IntRange(min = 1, max = 3) int dataSeeds,
            @ForAll @IntRange(min = 1, max = 3) int initSeeds) {
        SweepPlan before = plan(onePair(count, seeds(dataSeeds, initSeeds)));
        SweepPlan moreData = plan(onePair(count, seeds(dataSeeds + 1, initSeeds)));
        SweepPlan moreInit = plan(onePair(count, seeds(dataSeeds, initSeeds + 1)));
        assertThat(ids(moreData))
                .containsAll(ids(before))
                .hasSizeGreaterThan(ids(before).size());
        assertThat(ids(moreInit))
                .containsAll(ids(before))
                .hasSizeGreaterThan(ids(before).size());
        assertThat(moreData.sweepId()).isNotEqualTo(before.sweepId());
    }

    @Test
    void theSweepIdDependsOnRolesButNotOnOrder() {
        Trial one = trial(RECIPE);
        Trial two = trial(new Recipe(200, 64, 0.05, 0.9, 5e-4, List.of(), 0.1));
        PlannedTrial grid = new PlannedTrial(one, Set.of(Role.GRID, Role.BASELINE));
        PlannedTrial line = new PlannedTrial(two, Set.of(Role.LINE));
        String id = new SweepPlan(List.of(grid, line)).sweepId();

        assertThat(id).matches("[0-9a-f]{20}");
        assertThat(new SweepPlan(List.of(line, grid)).sweepId()).isEqualTo(id);
        assertThat(new SweepPlan(List.of(new PlannedTrial(one, Set.of(Role.GRID)), line)).sweepId())
                .isNotEqualTo(id);
    }

    @Test
    void theDifferenceOfTwoTrialsNamesTheChangedSettings() {
        Trial before = trial(RECIPE);
        Trial after = trial(new Recipe(200, 64, 0.01, 0.9, 5e-4, List.of(0.625, 0.75, 0.875), 0.1));

        assertThat(SettingChange.between(before, after))
                .extracting(SettingChange::toString)
                .containsExactly("recipe.epochs: 240 -> 200", "recipe.learningRate: 0.05 -> 0.01");
        assertThat(SettingChange.between(before, before)).isEmpty();
    }

    @Test
    void averagingFrequencyIsPartOfATrialOnlyWithSeveralWorkers() {
        assertThat(trial(RECIPE).averagingFrequency()).isZero();
        assertThat(trial(RECIPE, 2).averagingFrequency()).isEqualTo(5);
    }

    @Test
    void refusesASweepWithoutTrialsAndATeacherWithoutHash() {
        assertThatThrownBy(() -> plan(definition(List.of(), STUDY_GRID, seeds(1, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs at least one pair");
        assertThatThrownBy(() -> plan(definition(List.of(new Pair("gone", "small")), STUDY_GRID, seeds(1, 1))))
                .hasMessageContaining("gone -> small");
    }

    @Test
    void refusesRepeatsAndStudentsWithoutRecipe() {
        Pair pair = new Pair("big", "small");
        assertThatThrownBy(() -> definition(List.of(pair, pair), STUDY_GRID, seeds(1, 1)))
                .hasMessage("pairs must have each value once, found big -> small twice");
        assertThatThrownBy(() -> definition(List.of(new Pair("big", "tiny")), STUDY_GRID, seeds(1, 1)))
                .hasMessageContaining("big -> tiny has no recipe");
        assertThatThrownBy(() -> Seeds.crossed(List.of(), List.of(1L)))
                .hasMessage("dataSeeds must have at least one value, found none");
    }

    private static SweepDefinition onePair(int count, Seeds seeds) {
        Grid grid = new Grid(Axis.leftEdges(0, 0.1, count), Axis.leftEdges(0, 0.01, count), Beta.ONE_MINUS_ALPHA);
        return definition(List.of(new Pair("big", "small")), grid, seeds);
    }

    private static SweepDefinition definition(List<Pair> pairs, Grid grid, Seeds seeds) {
        return new SweepDefinition(
                pairs,
                BASELINES,
                List.of(new LossWeights(0.9, 0.1, 0)),
                List.of(new Line(0.5, 0.5, Axis.leftEdges(0, 0.01, 10))),
                grid,
                variants(),
                seeds,
                TeacherMode.ONLINE,
                1,
                5,
                Map.of("small", RECIPE),
                SamplePoints.NONE,
                List.of());
    }

    private static LossVariants variants() {
        return LossVariants.of(LossSettings.of(LossWeights.CROSS_ENTROPY));
    }

    private static Seeds seeds(int data, int init) {
        return Seeds.crossed(
                LongStream.range(0, data).boxed().toList(),
                LongStream.range(0, init).boxed().toList());
    }

    private static Trial trial(Recipe recipe) {
        return trial(recipe, 1);
    }

    private static Trial trial(Recipe recipe, int workers) {
        SweepDefinition definition = new SweepDefinition(
                List.of(new Pair("big", "small")),
                List.of(LossWeights.CROSS_ENTROPY),
                List.of(),
                List.of(),
                new Grid(Axis.of(), Axis.of(), Beta.ONE_MINUS_ALPHA),
                variants(),
                seeds(1, 1),
                TeacherMode.ONLINE,
                workers,
                5,
                Map.of("small", recipe),
                SamplePoints.NONE,
                List.of());
        return plan(definition).trials().get(0).trial();
    }

    private static SweepPlan plan(SweepDefinition definition) {
        return SweepPlan.of(definition, DATA, TEACHERS, Computation.CPU_FP32);
    }

    private static List<String> ids(SweepPlan plan) {
        return plan.trials().stream().map(planned -> planned.trial().id()).toList();
    }

    private static List<PlannedTrial> withRole(SweepPlan plan, Role role) {
        return plan.trials().stream()
                .filter(planned -> planned.roles().contains(role))
                .toList();
    }
}
