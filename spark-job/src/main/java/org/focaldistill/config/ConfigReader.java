package org.focaldistill.config;

import com.typesafe.config.ConfigObject;
import java.util.Map;
import java.util.Set;
import org.focaldistill.config.FocalDistillConfig.Data;
import org.focaldistill.config.FocalDistillConfig.Generated;
import org.focaldistill.config.FocalDistillConfig.Paths;
import org.focaldistill.config.FocalDistillConfig.Run;
import org.focaldistill.config.FocalDistillConfig.TeacherDefinition;
import org.focaldistill.config.FocalDistillConfig.TeacherUse;
import org.focaldistill.data.ArchiveFormat;
import org.focaldistill.sweep.EngineChoice;
import org.focaldistill.sweep.NumericsChoice;
import org.focaldistill.sweep.SlowKernels;
import org.focaldistill.sweep.SweepDefinition;
import org.focaldistill.sweep.TeacherMode;
import org.focaldistill.sweep.race.RaceRules;
import org.focaldistill.sweep.stop.StopRules;

/** Reads a whole resolved configuration. */
final class ConfigReader {
    private final Set<String> models;

    ConfigReader(Set<String> models) {
        this.models = models;
    }

    FocalDistillConfig read(ConfigObject resolved, Problems problems) {
        Section root = Section.root(resolved, problems).section(Problems.ROOT);
        Paths paths = paths(root.section("paths"));
        Data data = DataReader.read(root.section("data"));
        Generated generated = generated(root.section("generated"));
        Recipes recipes = Recipes.read(root.section("recipe"), models);
        Map<String, TeacherDefinition> teachers = new TeacherReader(recipes, models).read(root.section("teachers"));
        TeacherUse teacher = teacher(root.section("teacher"));
        Section sweeping = root.section("sweep");
        RaceRules race = RaceReader.read(sweeping.section("race"));
        StopRules stop = StopReader.read(sweeping.section("stop"), data.validation());
        if (race.isRace() && stop.stopsAny()) {
            sweeping.problem(
                    "stop",
                    "must not be on beside sweep.race, which compares trials that ran to their end; choose one");
        }
        SweepDefinition sweep = new SweepReader(recipes, models, teachers.keySet()).read(sweeping, teacher.mode());
        RaceReader.requireSeeds(race, sweep.seeds(), sweeping);
        Run run = run(root.section("run"));
        root.finish();
        problems.throwIfAny();
        return new FocalDistillConfig(paths, data, generated, teachers, teacher, sweep, race, stop, run);
    }

    private static Paths paths(Section section) {
        Kind<String> folder = Kind.location("a folder's path or URI");
        Paths paths = new Paths(
                section.get("root", folder, ""),
                section.get("data", folder, ""),
                section.get("teachers", folder, ""),
                section.get("bank", folder, ""),
                section.get("results", folder, ""));
        section.finish();
        return paths;
    }

    private static Generated generated(Section section) {
        Generated generated = new Generated(
                section.get("trainImages", Kind.count(1, ArchiveFormat.MAX_IMAGES), 1),
                section.get("testImages", Kind.count(1, ArchiveFormat.MAX_IMAGES), 1),
                section.get("seed", Kind.wholeNumber(0, Long.MAX_VALUE), 0L));
        section.finish();
        return generated;
    }

    private static TeacherUse teacher(Section section) {
        Mode mode = section.get("mode", Kind.choice(Mode.class), Mode.BANK);
        Precision precision = section.get("bankPrecision", Kind.choice(Precision.class), Precision.FP16);
        boolean train = section.get("train", Kind.flag(), false);
        section.finish();
        TeacherMode ofBank = precision == Precision.FP16 ? TeacherMode.BANK_FP16 : TeacherMode.BANK_FP32;
        return new TeacherUse(mode == Mode.BANK ? ofBank : TeacherMode.ONLINE, train);
    }

    private enum Mode {
        BANK,
        ONLINE
    }

    private enum Precision {
        FP16,
        FP32
    }

    private static Run run(Section section) {
        Run run = new Run(
                section.get("slots", Kind.count(0), 0),
                section.get("checkpointEpochs", Kind.count(1), 1),
                section.get("attempts", Kind.count(1), 1),
                section.get("engine", Kind.choice(EngineChoice.class), EngineChoice.AUTO),
                section.get("numerics", Kind.choice(NumericsChoice.class), NumericsChoice.AUTO),
                section.get("slowKernels", Kind.choice(SlowKernels.class), SlowKernels.REFUSE),
                section.get("executorWaitMinutes", Kind.count(0), 60));
        section.finish();
        return run;
    }
}
