package org.focaldistill.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.focaldistill.data.ArchiveFormat;
import org.focaldistill.data.own.OwnImages;
import org.focaldistill.data.own.Resize;
import org.focaldistill.loss.Distillation;
import org.focaldistill.loss.DistillationForm;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Axis;
import org.focaldistill.sweep.Beta;
import org.focaldistill.sweep.EngineChoice;
import org.focaldistill.sweep.Line;
import org.focaldistill.sweep.LossVariants;
import org.focaldistill.sweep.NumericsChoice;
import org.focaldistill.sweep.Pair;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.Schedule;
import org.focaldistill.sweep.Seed;
import org.focaldistill.sweep.SlowKernels;
import org.focaldistill.sweep.SweepDefinition;
import org.focaldistill.sweep.TeacherMode;
import org.focaldistill.sweep.race.Question;
import org.focaldistill.sweep.race.RaceQuantity;
import org.focaldistill.sweep.race.RaceRules;
import org.focaldistill.sweep.stop.StopRules;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
    private static final ConfigLoader LOADER = new ConfigLoader(Set.of("resnet8", "resnet20", "resnet56", "ShuffleV1"));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void theDefaultsAreTheStudysGridAndTheUsualRecipe() throws IOException {
        FocalDistillConfig config = load(null);

        assertThat(config.paths())
                .isEqualTo(new FocalDistillConfig.Paths(
                        "output", "output/data", "output/teachers", "output/bank", "output/results"));
        assertThat(config.data().source()).isEqualTo(ArchiveFormat.CIFAR100.officialUrl());
        assertThat(config.data().md5()).isEqualTo(ArchiveFormat.CIFAR100.officialMd5());
        assertThat(config.data().validation()).isEqualTo(5000);
        assertThat(config.teachers()).isEmpty();
        assertThat(config.teacher()).isEqualTo(new FocalDistillConfig.TeacherUse(TeacherMode.BANK_FP16, false));
        assertThat(config.run())
                .isEqualTo(new FocalDistillConfig.Run(
                        0, 10, 3, EngineChoice.AUTO, NumericsChoice.AUTO, SlowKernels.REFUSE, 60));
        SweepDefinition sweep = config.sweep();
        assertThat(sweep.grid().alpha()).isEqualTo(Axis.leftEdges(0, 0.1, 10));
        assertThat(sweep.grid().gamma()).isEqualTo(Axis.leftEdges(0, 0.01, 10));
        assertThat(sweep.grid().beta()).isEqualTo(Beta.ONE_MINUS_ALPHA);
        assertThat(sweep.baselines()).containsExactly(new LossWeights(0.5, 0.5, 0), LossWeights.CROSS_ENTROPY);
        assertThat(sweep.references()).containsExactly(new LossWeights(0.9, 0.1, 0));
        assertThat(sweep.variants().temperatures()).containsExactly(4.0);
        assertThat(sweep.variants().klDirections()).containsExactly(KlDirection.TEACHER_STUDENT);
    }

    @Test
    void seedsVaryOrderAndWeightsTogetherUnlessTheyAreNamedApart() {
        assertThat(seeds()).containsExactly(Seed.plain(1, 1));
        assertThat(seeds("sweep.seeds=[1,2]")).containsExactly(Seed.plain(1, 1), Seed.of(2));
        assertThat(seeds("sweep.seeds=3")).containsExactly(Seed.of(3));
        assertThat(seeds("sweep.dataSeeds=[2,3]")).containsExactly(Seed.plain(2, 1), Seed.plain(3, 1));
        assertThat(seeds("sweep.initSeeds=2")).containsExactly(Seed.plain(1, 2));
        assertThat(seeds("sweep.dataSeeds=[2,3]", "sweep.seeds=[2]", "sweep.dataSeeds=null"))
                .containsExactly(Seed.of(2));
    }

    @Test
    void images_of_ones_own_have_a_size_and_no_official_place() {
        FocalDistillConfig.Data data = LOADER.load(
                        null, List.of("data.format=folder", "data.imageSize=64", "data.resize=scale-and-crop"))
                .config()
                .data();
        assertThat(data.format().archive()).isNull();
        assertThat(data.source()).isNull();
        assertThat(data.md5()).isNull();
        assertThat(data.own())
                .isEqualTo(new FocalDistillConfig.OwnData(
                        null, new OwnImages.Settings(64, Resize.SCALE_AND_CROP, 0.2, 1), "image", "label"));
        assertThat(problems(null, "data.imageSize=64"))
                .containsExactly(
                        "data.imageSize (--set): must be 32 with data.format = cifar100, whose images have that"
                                + " size");
        assertThat(problems(
                        null,
                        "data.format=parquet",
                        "data.imageSize=48",
                        "data.testPart=1",
                        "data.name=generated",
                        "data.resize=crop"))
                .containsExactlyInAnyOrder(
                        "data.imageSize (--set): must be one of 32, 64, 96, found 48",
                        "data.testPart (--set): must be a number above 0 and below 1, found 1",
                        "data.name (--set): must be a name without control characters, and not generated, found"
                                + " generated",
                        "data.resize (--set): must be one of refuse, scale-and-crop, stretch, found crop");
    }

    private static List<Seed> seeds(String... overrides) {
        return LOADER.load(null, List.of(overrides)).config().sweep().seeds().all();
    }

    @Test
    void seedsTogetherAndApartAreAProblemThatSaysWhatToDo() throws IOException {
        Path file = write("study.conf", "focaldistill.sweep {\n  dataSeeds = [1, 2, 3, 4, 5]\n}\n");

        assertThat(problems(file, "sweep.seeds=[1,2,3]", "sweep.initSeeds=1"))
                .containsExactlyInAnyOrder(
                        "sweep.dataSeeds (" + file + ":2): must not be set beside seeds, which vary data order and"
                                + " initial weights together; leave one of them out, or take it back with --set"
                                + " sweep.dataSeeds=null",
                        "sweep.initSeeds (--set): must not be set beside seeds, which vary data order and initial"
                                + " weights together; leave one of them out, or take it back with --set"
                                + " sweep.initSeeds=null");
        assertThat(problems(null, "sweep.seeds=[2,2]"))
                .containsExactly("sweep.seeds (--set): must have at least one value and each once, found [2, 2]");
        assertThat(problems(null, "sweep.seeds=[]"))
                .containsExactly("sweep.seeds (--set): must have at least one value and each once, found []");
        assertThat(problems(null, "sweep.seeds=-1"))
                .containsExactly("sweep.seeds (--set): must be a whole number of at least 0, found -1");
    }

    @Test
    void readsAllKindsOfValues() throws IOException {
        SweepDefinition sweep = load("""
                        focaldistill {
                          teachers.big { model = resnet56 }
                          sweep {
                            pairs = [{ teacher = big, student = resnet20 }, { teacher = big, student = ShuffleV1 }]
                            alpha = [0, 0.5, 1.5]
                            gamma = 0.2
                            beta = 0.7
                            lines = [{ alpha = 0.5, beta = 0.5 }, { alpha = 0.1, beta = "1 - alpha", gamma = [0, 1] }]
                            temperature = [1, 4]
                            klDirection = [student-teacher, teacher-student]
                            focalForm = entropy-bound
                            dataSeeds = [3, 4]
                            initSeeds = 7
                          }
                          recipe { epochs = 30, dropAt = 0.5 }
                        }
                        """).sweep();

        assertThat(sweep.pairs()).containsExactly(new Pair("big", "resnet20"), new Pair("big", "ShuffleV1"));
        assertThat(sweep.grid().alpha()).isEqualTo(Axis.of(0, 0.5, 1.5));
        assertThat(sweep.grid().gamma()).isEqualTo(Axis.of(0.2));
        assertThat(sweep.grid().beta()).isEqualTo(Beta.fixed(0.7));
        assertThat(sweep.lines()).containsExactly(new Line(0.5, 0.5, Axis.of(0.2)), new Line(0.1, 0.9, Axis.of(0, 1)));
        assertThat(sweep.variants().temperatures()).containsExactly(1.0, 4.0);
        assertThat(sweep.variants().klDirections())
                .containsExactly(KlDirection.STUDENT_TEACHER, KlDirection.TEACHER_STUDENT);
        assertThat(sweep.variants().focalForms()).containsExactly(FocalForm.ENTROPY_BOUND);
        assertThat(sweep.seeds().all()).containsExactly(Seed.plain(3, 7), Seed.plain(4, 7));
        assertThat(sweep.recipes().get("resnet20")).isEqualTo(new Recipe(30, 64, 0.05, 0.9, 5e-4, List.of(0.5), 0.1));
        assertThat(sweep.recipes().get("ShuffleV1")).isEqualTo(new Recipe(30, 64, 0.01, 0.9, 5e-4, List.of(0.5), 0.1));
    }

    @Test
    void aTeacherTakesWhatItDoesNotSayFromTheCommonRecipe() throws IOException {
        FocalDistillConfig config = load("""
                focaldistill {
                  teachers {
                    plain { model = ShuffleV1 }
                    calibrated {
                      model = ShuffleV1
                      recipe { epochs = 10, learningRate = 0.2, schedule = cosine, warmupEpochs = 2 }
                      loss { beta = 0.5, gamma = 1, focalForm = flsd53, labelSmoothing = 0.1 }
                      initSeed = 9
                    }
                  }
                }
                """);

        FocalDistillConfig.TeacherDefinition plain = config.teacherNamed("plain");
        assertThat(plain.recipe().learningRate()).isEqualTo(0.01);
        assertThat(plain.recipe().epochs()).isEqualTo(240);
        assertThat(plain.loss().weights()).isEqualTo(LossWeights.CROSS_ENTROPY);
        FocalDistillConfig.TeacherDefinition calibrated = config.teacherNamed("calibrated");
        assertThat(calibrated.recipe().learningRate()).isEqualTo(0.2);
        assertThat(calibrated.recipe().epochs()).isEqualTo(10);
        assertThat(plain.recipe().schedule()).isEqualTo(Schedule.STEPS);
        assertThat(calibrated.recipe().schedule()).isEqualTo(Schedule.COSINE);
        assertThat(calibrated.recipe().warmupEpochs()).isEqualTo(2);
        assertThat(calibrated.loss().labelSmoothing()).isEqualTo(0.1);
        assertThat(calibrated.loss().weights()).isEqualTo(new LossWeights(0, 0.5, 1));
        assertThat(calibrated.loss().focalForm()).isEqualTo(FocalForm.FLSD53);
        assertThat(calibrated.initSeed()).isEqualTo(9);
    }

    @Test
    void aTeacherThatIsNotDefinedIsAskedForInVain() {
        FocalDistillConfig config =
                LOADER.load(null, List.of("teachers.resnet56.model=resnet56")).config();
        assertThatThrownBy(() -> config.teacherNamed("resnet65"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no teacher 'resnet65' is defined under teachers; did you mean 'resnet56'?");
    }

    @Test
    void reportsEveryProblemWithItsPathPositionAndWhatIsAllowed() throws IOException {
        Path file = write("bad.conf", """
                focaldistill {
                  recipe {
                    epochs = 0
                    momentum = 1
                    epochz = 3
                  }
                  data.format = cifar
                  data.validation = many
                  teachers.big { model = resnet65 }
                  sweep {
                    pairs = [{ teacher = bigg, student = resnet20 }, { teacher = big }]
                    alpha { spacing = inclusive, from = 0.1, to = 0, count = 3 }
                    temperature = [4, 0]
                    workersPerTrial = 0
                  }
                  run = 3
                }
                """);

        assertThat(problems(file, "sweep.dataSeeds=1.5"))
                .containsExactlyInAnyOrder(
                        "recipe.epochs (" + file + ":3): must be a whole number from 1 to 100000, found 0",
                        "recipe.momentum (" + file + ":4): must be a number in [0, 1), found 1",
                        "recipe.epochz (" + file + ":5): unknown key; did you mean 'epochs'?",
                        "data.format (" + file + ":7): must be one of cifar100, cifar10, folder, parquet, found cifar",
                        "data.validation (" + file + ":8): must be a whole number of at least 0, found many",
                        "teachers.big.model (" + file + ":9): no model is called 'resnet65'; did you mean 'resnet56'?",
                        "sweep.pairs[0].teacher (" + file
                                + ":11): no teacher 'bigg' is defined under teachers; did you mean 'big'?",
                        "sweep.pairs[1].student (" + file + ":11): is missing",
                        "sweep.alpha (" + file + ":12): An axis needs 0 <= from < to, found from 0.1 to 0.0",
                        "sweep.temperature[1] (" + file + ":13): must be a number > 0 and at most 1e9, found 0",
                        "sweep.workersPerTrial (" + file + ":14): must be a whole number of at least 1, found 0",
                        "run (" + file + ":16): must be a section in braces { }, found 3",
                        "sweep.dataSeeds (--set): must be a whole number of at least 0, found 1.5");
    }

    @Test
    void whatIsWrongWithARaceIsSaidOfItsKey() {
        String seeds = "sweep.seeds=[1,2,3]";
        assertThat(LOADER.load(null, List.of(seeds, "sweep.race={question=best,first=2,margin=0.1,maxTrials=9}"))
                        .config()
                        .race())
                .isEqualTo(new RaceRules(Question.BEST, RaceQuantity.CE, 0.1, 2, 1, 9, 0));
        assertThat(
                        problems(
                                null,
                                seeds,
                                "sweep.race={question=fastest,by=loss,margin=-1,first=1,step=0,maxTrials=-1,maxHours=-2,marginn=1}"))
                .containsExactlyInAnyOrder(
                        "sweep.race.question (--set): must be one of none, best, beats-baseline, equivalent, found fastest",
                        "sweep.race.by (--set): must be one of ce, top1, found loss",
                        "sweep.race.margin (--set): must be a number >= 0, found -1",
                        "sweep.race.first (--set): must be a whole number of at least 2, found 1",
                        "sweep.race.step (--set): must be a whole number of at least 1, found 0",
                        "sweep.race.maxTrials (--set): must be a whole number of at least 0, found -1",
                        "sweep.race.maxHours (--set): must be a number >= 0, found -2",
                        "sweep.race.marginn (--set): unknown key; did you mean 'margin'?");
        assertThat(problems(null, seeds, "sweep.race.question=equivalent"))
                .singleElement()
                .asString()
                .contains("sweep.race.margin (", "must be above 0 for the question equivalent");
        assertThat(problems(null, seeds, "sweep.race={question=best,first=3}"))
                .containsExactly("sweep.race.first (--set): must be below the number of sweep.seeds, as a race goes on"
                        + " with the others; found 3 of 3");
        assertThat(problems(
                        null,
                        "sweep.race.question=best",
                        "sweep.seeds=null",
                        "sweep.dataSeeds=[1,2]",
                        "sweep.initSeeds=[1,2]"))
                .singleElement()
                .asString()
                .startsWith("sweep.initSeeds (--set): must not be crossed with dataSeeds in a race");
    }

    @Test
    void trialsAreStoppedEarlyOnlyWhereThatIsAskedForAndImagesAreHeldOut() {
        assertThat(LOADER.load(null, List.of()).config().stop()).isEqualTo(StopRules.NONE);
        assertThat(LOADER.load(null, List.of("sweep.stop={rule=halving,by=top1,from=0.1,reduction=3,atLeast=2}"))
                        .config()
                        .stop())
                .isEqualTo(new StopRules(StopRules.Rule.HALVING, StopRules.Yardstick.TOP1, 0.1, 3, 2));
        assertThat(LOADER.load(null, List.of("data.validation=0"))
                        .config()
                        .stop()
                        .stopsAny())
                .isFalse();
        assertThat(problems(null, "sweep.stop.rule=median", "data.validation=0"))
                .singleElement()
                .asString()
                .startsWith("sweep.stop.rule (--set): needs held-out images, and data.validation is 0:");
        assertThat(problems(null, "sweep.stop.from=1", "sweep.stop.reduction=1", "sweep.stop.by=loss"))
                .containsExactlyInAnyOrder(
                        "sweep.stop.from (--set): must be a fraction of the epochs, above 0 and below 1, found 1",
                        "sweep.stop.reduction (--set): must be a whole number of at least 2, found 1",
                        "sweep.stop.by (--set): must be one of ce, top1, found loss");
    }

    @Test
    void formsOfTheDistillationTermAreCombinedWithTheirOwnParameters() {
        LossVariants variants = LOADER.load(
                        null,
                        List.of(
                                "sweep.distillation=[kl,dkd,focal-kl]",
                                "sweep.dkd.beta=[2,8]",
                                "sweep.distillationWarmup=3",
                                "sweep.calibrationWeight=[0,1]"))
                .config()
                .sweep()
                .variants();
        assertThat(variants.distillations())
                .extracting(Distillation::toString)
                .containsExactly(
                        "kl, growing over 3 epochs",
                        "dkd (alpha 1.0, beta 2.0), growing over 3 epochs",
                        "dkd (alpha 1.0, beta 8.0), growing over 3 epochs",
                        "focal-kl (exponent 2.0), growing over 3 epochs");
        assertThat(variants.calibrationWeights()).containsExactly(0.0, 1.0);
        assertThat(problems(null, "sweep.distillation=dkt", "sweep.dkd.alpha=-1", "sweep.nkd.beta=1"))
                .containsExactlyInAnyOrder(
                        "sweep.distillation (--set): must be one of kl, jensen-shannon, mse-logits, standardised-kl, dkd,"
                                + " dist, nkd, focal-kl, found dkt",
                        "sweep.dkd.alpha (--set): must be a number >= 0, found -1",
                        "sweep.nkd.beta (--set): unknown key; known: gamma");
        assertThat(problems(null, "sweep.dkd.beta=2"))
                .containsExactly(
                        "sweep.dkd (--set:1): is set, but sweep.distillation does not list dkd, so nothing has it;"
                                + " list it, or take back its parameters");
        assertThat(problems(null, "sweep.distillation=[kl,dkd]", "sweep.temperature=[4,1000]"))
                .singleElement()
                .asString()
                .startsWith("sweep.temperature (--set): temperature must be at most 100 with dkd, found 1000.0");
    }

    @Test
    void wholeLossesAreListedAsVariants() {
        assertThat(LOADER.load(
                                null,
                                List.of("sweep.variants=[{alpha=1,beta=1,gamma=0,distillation=dkd,dkd{beta=2},"
                                        + "distillationWarmup=3},{alpha=0,beta=1,gamma=0,labelSmoothing=0.1}]"))
                        .config()
                        .sweep()
                        .losses())
                .containsExactly(
                        LossSettings.of(new LossWeights(1, 1, 0))
                                .withDistillation(new Distillation(
                                        DistillationForm.DKD, Map.of("alpha", 1.0, "beta", 2.0), 3, 0)),
                        LossSettings.of(LossWeights.CROSS_ENTROPY).withLabelSmoothing(0.1));
        assertThat(problems(
                        null,
                        "sweep.variants=[{alpha=1,beta=1},{alpha=0,beta=0,gamma=0},{alpha=1,beta=0,gamma=0,dkd{}},"
                                + "{alpha=1,beta=1,gamma=0,distillation=nkd,temperature=1000}]"))
                .satisfiesExactlyInAnyOrder(
                        first -> assertThat(first)
                                .startsWith("sweep.variants[0].gamma")
                                .endsWith("is missing"),
                        second -> assertThat(second)
                                .startsWith("sweep.variants[1].alpha")
                                .endsWith("nothing would be learned"),
                        third -> assertThat(third)
                                .startsWith("sweep.variants[2].dkd")
                                .contains("unknown key"),
                        fourth -> assertThat(fourth)
                                .startsWith("sweep.variants[3].temperature")
                                .contains("at most 100 with nkd"));
    }

    @Test
    void variantsThatAreThereTwiceOrRefusedTwiceAreSaidSo() {
        assertThat(problems(
                        null,
                        "sweep.variants=[{alpha=1,beta=1,gamma=0},{alpha=0,beta=1,gamma=0},{alpha=1,beta=1,gamma=0}]"))
                .singleElement()
                .asString()
                .startsWith("sweep.variants (")
                .endsWith("must have each loss once, found number 1 again as number 3");
        assertThat(problems(
                        null,
                        "sweep.variants=[{alpha=1,beta=1,gamma=0,distillation=dkd,temperature=200},"
                                + "{alpha=1,beta=1,gamma=0,distillation=dist,temperature=200}]"))
                .hasSize(2)
                .allMatch(problem -> problem.contains("temperature must be at most 100 with"));
    }

    @Test
    void findsWhatOnlyTheCombinationOfValuesMakesWrong() {
        assertThat(problems(null, "sweep.alpha=[0.5,1.5]"))
                .singleElement()
                .asString()
                .startsWith("sweep.beta (reference.conf:")
                .endsWith("1 - alpha is negative at alpha 1.5; give beta as a number, or keep alpha within 1");
        assertThat(problems(null, "recipe.dropAt=[0.75,0.5]"))
                .containsExactly("recipe.dropAt (--set): dropAt must ascend within (0, 1], found [0.75, 0.5]");
        assertThat(problems(null, "recipe.epochs=5", "recipe.warmupEpochs=5", "sweep.labelSmoothing=[0,1]"))
                .containsExactlyInAnyOrder(
                        "recipe.warmupEpochs (--set): must be fewer than the 5 epochs, found 5",
                        "sweep.labelSmoothing[1] (--set): must be a number in [0, 1), found 1");
        assertThat(problems(
                        null,
                        "sweep.pairs=[{teacher=t,student=resnet8}]",
                        "teachers.t.model=resnet8",
                        "sweep.points.count=4",
                        "sweep.points.epochs={from=2,to=9}",
                        "recipe.warmupEpochs=5"))
                .singleElement()
                .asString()
                .startsWith("sweep.points (")
                .contains("a point can not be: warmupEpochs must be at least 0 and fewer");
        assertThat(problems(
                        null,
                        "sweep.points.count=4",
                        "sweep.points.temperature={from=1,to=200}",
                        "sweep.distillation=dkd"))
                .singleElement()
                .asString()
                .startsWith("sweep.points (")
                .contains("a point can not be: temperature must be at most 100 with dkd");
        assertThat(problems(null, "generated.trainImages=2147483647", "recipe.epochs=2147483647"))
                .containsExactlyInAnyOrder(
                        "generated.trainImages (--set): must be a whole number from 1 to 699050, found 2147483647",
                        "recipe.epochs (--set): must be a whole number from 1 to 100000, found 2147483647");
        assertThat(problems(null, "sweep.temperature=[4,1e160]", "recipe.weightDecay=1e39"))
                .containsExactlyInAnyOrder(
                        "sweep.temperature[1] (--set): must be a number > 0 and at most 1e9, found 1.0E160",
                        "recipe.weightDecay (--set): must be a number that a float can hold, 3.4e38 at most, found"
                                + " 1.0E39");
        assertThat(problems(null, "sweep.initSeeds=[1,1]"))
                .containsExactly("sweep.initSeeds (--set): must have at least one value and each once, found [1, 1]");
        assertThat(problems(null, "teachers.a={model=resnet8,loss={beta=0}}"))
                .containsExactly(
                        "teachers.a.loss (--set): beta and gamma must not both be 0: nothing would be learned");
    }

    @Test
    void aListOfWhichNothingIsLeftIsAProblemAsAnyOther() {
        String seed = "must be a whole number of at least 0, found ";
        assertThat(problems(null, "sweep.dataSeeds=[9223372036854775808]", "sweep.temperature=[0]"))
                .containsExactlyInAnyOrder(
                        "sweep.dataSeeds[0] (--set): " + seed + "9223372036854775808",
                        "sweep.temperature[0] (--set): must be a number > 0 and at most 1e9, found 0");
        assertThat(problems(null, "sweep.initSeeds=[]", "sweep.focalForm=[]"))
                .containsExactlyInAnyOrder(
                        "sweep.initSeeds (--set): must have at least one value and each once, found []",
                        "sweep.focalForm (--set): must have at least one value and each once, found []");
    }

    @ParameterizedTest
    @CsvSource({"'focaldistill.sweep.alpha = ', [, ]", "'focaldistill ', '{ a ', }", "'focaldistill', .a, ' = 1'"})
    void whatIsNestedTooDeepIsAProblemAsAnyOther(String start, String open, String close) throws IOException {
        Path file = write(
                "deep.conf", start + open.repeat(100_000) + (close.equals(" = 1") ? close : close.repeat(100_000)));
        assertThat(problems(file)).containsExactly(file + ": " + Problems.TOO_DEEP);
        assertThat(problems(null, "sweep.alpha=" + "[".repeat(100_000)))
                .containsExactly("--set sweep.alpha=" + "[".repeat(Kind.LONGEST_FOUND - "sweep.alpha=".length())
                        + "...: " + Problems.TOO_DEEP);
    }

    @Test
    void aKeyOutsideTheRootIsNotIgnored() throws IOException {
        Path file = write("flat.conf", "recipe.epochs = 3");
        assertThat(problems(file))
                .containsExactly("recipe (" + file + ":1): unknown key; everything stands inside focaldistill { }");
    }

    @Test
    void reportsFilesThatAreMissingOrNoHocon() throws IOException {
        Path missing = folder.resolve("none.conf");
        assertThat(problems(missing)).containsExactly(missing + ": no such file");
        assertThat(problems(folder)).containsExactly(folder + ": is not a file");

        Path broken = write("broken.conf", "focaldistill {\n  recipe { epochs = 3\n");
        assertThat(problems(broken))
                .singleElement()
                .asString()
                .startsWith(broken + ":")
                .contains("end of file");

        Path unresolved = write("unresolved.conf", "focaldistill.recipe.epochs = ${nowhere}");
        assertThat(problems(unresolved))
                .singleElement()
                .asString()
                .startsWith(unresolved + ":1: ")
                .contains("nowhere");
    }

    @Test
    void includesOtherFilesAndMissesThoseThatAreNotThere() throws IOException {
        Path base = write("base.conf", "focaldistill.recipe { epochs = 7, batchSize = 0 }");
        Path top = write("top.conf", "include \"base.conf\"\nfocaldistill.recipe.batchSize = 8");
        assertThat(LOADER.load(top, List.of("sweep.pairs=[]")).render(LoadedConfig.Comments.LEFT_OUT))
                .contains("epochs=7", "batchSize=8");

        Path bad = write("bad.conf", "include \"base.conf\"");
        assertThat(problems(bad)).singleElement().asString().startsWith("recipe.batchSize (" + base + ":1)");

        Path lost = write("lost.conf", "include \"gone.conf\"");
        assertThat(problems(lost)).singleElement().asString().contains("gone.conf");
    }

    /** The folder that a file given by its name alone lies in is the working folder. */
    @Test
    void includesWhatLiesBesideAFileGivenByItsNameAlone() throws IOException {
        Path top = Files.createTempFile(Path.of(""), "top", ".conf");
        Path base = Files.createTempFile(Path.of(""), "base", ".conf");
        try {
            Files.writeString(base, "focaldistill.recipe.epochs = 7");
            Files.writeString(top, "include \"" + base + "\"\nfocaldistill.sweep.pairs = []");
            assertThat(LOADER.load(top, List.of()).render(LoadedConfig.Comments.LEFT_OUT))
                    .contains("epochs=7");
        } finally {
            Files.delete(top);
            Files.delete(base);
        }
    }

    @Test
    void overridesHaveTheLastWordAndSayWhatTheyReplace() throws IOException {
        Path file = write("some.conf", "focaldistill { sweep.alpha.count = 5, paths.root = \"here\" }");
        LoadedConfig loaded = LOADER.load(
                file,
                List.of(
                        "sweep.alpha.count=3",
                        "focaldistill.sweep.alpha.count = 4",
                        "paths.results=hdfs://host:8020/a#b",
                        "sweep.beta=1 - alpha",
                        "teachers.t={ model = resnet8 }"));

        assertThat(loaded.config().sweep().grid().alpha().values()).hasSize(4);
        assertThat(loaded.config().paths().results()).isEqualTo("hdfs://host:8020/a#b");
        assertThat(loaded.config().paths().data()).isEqualTo("here/data");
        assertThat(loaded.overrides())
                .containsExactly(
                        "set sweep.alpha.count = 3 (was 5)",
                        "set sweep.alpha.count = 4 (was 3)",
                        "set paths.results = \"hdfs://host:8020/a#b\" (was \"here/results\")",
                        "set sweep.beta = \"1 - alpha\" (was \"1 - alpha\")",
                        "set teachers.t = {model=resnet8} (was not set)");
    }

    @Test
    void overridesMayHangOnTheEnvironmentAndOnEachOther() {
        String home = System.getenv("HOME");
        LoadedConfig loaded = LOADER.load(
                null,
                List.of(
                        "paths.root=${HOME}/x",
                        "paths.data=${focaldistill.teachers.later.model}/data",
                        "paths.teachers=${?NO_SUCH_VARIABLE_OF_ANYBODY}",
                        "teachers.later.model=resnet8"));
        assertThat(loaded.config().paths().bank()).isEqualTo(home + "/x/bank");
        assertThat(loaded.config().paths().data()).isEqualTo("resnet8/data");
        assertThat(loaded.config().paths().teachers()).isEqualTo(home + "/x/teachers");
        assertThat(loaded.overrides().get(0)).startsWith("set paths.root = \"" + home + "/x\" (was output)");
        assertThat(loaded.overrides().get(1))
                .startsWith("set paths.data = ${focaldistill.teachers.later.model}/data (was ");

        assertThat(problems(null, "paths.root=${NO_SUCH_VARIABLE_OF_ANYBODY}/x"))
                .containsExactly("--set: Could not resolve substitution to a value: ${NO_SUCH_VARIABLE_OF_ANYBODY}");
    }

    @Test
    void overridesThatCanNotBeReadAreProblems() {
        assertThat(problems(null, "sweep.alpha.count", "=3", "recipe.dropAt=[1,", "a..b=3"))
                .satisfiesExactly(
                        first -> assertThat(first)
                                .isEqualTo("--set sweep.alpha.count: must be path=value, such as"
                                        + " sweep.alpha.count=3"),
                        second -> assertThat(second).startsWith("--set =3: must be path=value"),
                        third -> assertThat(third).startsWith("--set recipe.dropAt=[1,: "),
                        fourth -> assertThat(fourth).startsWith("--set a..b=3: "));
        assertThat(problems(null, "recipe.epochs=null")).containsExactly("recipe.epochs (--set): is missing");
        assertThat(problems(null, "sweep.alpha=0.1", "sweep.alpha.count=3")).isNotEmpty();
    }

    @Test
    void aPasswordInAPathIsRefusedAndNotRepeated() {
        for (String path : List.of("paths.root", "paths.results", "data.source")) {
            assertThat(problems(null, path + "=s3a://AKIA:wJalrXUtnFEMI@bucket/output"))
                    .isNotEmpty()
                    .allSatisfy(problem -> assertThat(problem)
                            .contains("must not have a user's name and password in it")
                            .doesNotContain("wJalr"))
                    .anySatisfy(problem -> assertThat(problem).contains(path));
        }
    }

    @Test
    void systemPropertiesDoNotLeakIn() {
        System.setProperty("focaldistill.recipe.epochs", "3");
        try {
            assertThat(LOADER.load(null, List.of()).render(LoadedConfig.Comments.LEFT_OUT))
                    .contains("epochs=240");
        } finally {
            System.clearProperty("focaldistill.recipe.epochs");
        }
    }

    @Test
    void theEffectiveConfigurationGivesItselfAgain() throws IOException {
        List<String> overrides = List.of(
                "teachers.t={ model = ShuffleV1, recipe = { epochs = 3 } }",
                "sweep.pairs=[{teacher=t,student=resnet8}]",
                "sweep.seeds=[1,2]",
                "recipe.weightDecay=1e-3");
        for (LoadedConfig.Comments comments : LoadedConfig.Comments.values()) {
            LoadedConfig loaded = LOADER.load(null, overrides);
            Path again = write("again.conf", loaded.render(comments));
            assertThat(LOADER.load(again, List.of()).config()).isEqualTo(loaded.config());
        }
    }

    @Property(tries = 100)
    void wholeNumbersAreTakenInEverySpellingAndRefusedOutOfRange(
            @ForAll @IntRange(min = -5, max = 100_000) int epochs) {
        for (String spelling : List.of("" + epochs, epochs + ".0", "\"" + epochs + "\"", epochs + "e0")) {
            String override = "recipe.epochs=" + spelling;
            String teacher = "teachers.t.model=resnet8";
            if (epochs >= 1) {
                FocalDistillConfig config =
                        LOADER.load(null, List.of(override, teacher)).config();
                assertThat(config.teacherNamed("t").recipe().epochs()).isEqualTo(epochs);
            } else {
                assertThat(problems(null, override, teacher)).hasSize(1);
            }
        }
    }

    @Property(tries = 200)
    void anyOverrideIsTakenOrReportedNeverAnInternalError(@ForAll String path, @ForAll String value) {
        for (String override : List.of(path + "=" + value, "sweep.alpha=" + value, "paths.root=" + value)) {
            try {
                assertThat(LOADER.load(null, List.of(override)).overrides()).hasSize(1);
            } catch (ConfigException e) {
                assertThat(e.problems()).isNotEmpty();
            }
        }
    }

    private FocalDistillConfig load(@Nullable String text) throws IOException {
        return LOADER.load(text == null ? null : write("test.conf", text), List.of())
                .config();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static List<String> problems(@Nullable Path file, String... overrides) {
        ConfigException exception =
                catchThrowableOfType(ConfigException.class, () -> LOADER.load(file, List.of(overrides)));
        assertThat(exception).as("a refusal of %s", List.of(overrides)).isNotNull();
        assertThat(exception.getMessage()).contains(exception.problems());
        return exception.problems();
    }
}
