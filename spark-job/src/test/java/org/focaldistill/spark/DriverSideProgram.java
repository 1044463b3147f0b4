package org.focaldistill.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.config.ConfigLoader;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.report.Report;
import org.focaldistill.spark.bank.BankPlan;
import org.focaldistill.spark.bank.Banks;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.ReadyTeacher;
import org.focaldistill.spark.input.TeacherLocation;
import org.focaldistill.store.Lease;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.Pair;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.zoo.Architecture;

/** What a driver does before its first task; {@link DriverWithoutNd4jTest} runs it in a process of its own. */
final class DriverSideProgram {
    private DriverSideProgram() {}

    public static void main(String[] arguments) throws IOException, ClassNotFoundException {
        Path folder = Path.of(arguments[0]);
        Configuration hadoop = new Configuration();
        Set<String> models = new TreeSet<>(Architecture.modelNames());
        FocalDistillConfig config = new ConfigLoader(models)
                .load(null, List.of("teachers.big.model=resnet56", "sweep.pairs=[{teacher=big,student=resnet20}]"))
                .config();

        Map<String, String> hashes = new TreeMap<>();
        for (Pair pair : config.sweep().pairs()) {
            Path file = folder.resolve(pair.teacher() + ".safetensors");
            Safetensors teacher = new ModelFiles(hadoop).read(new org.apache.hadoop.fs.Path(file.toUri()));
            hashes.put(pair.teacher(), Safetensors.hash(teacher.tensors()));
        }
        SweepPlan plan = SweepPlan.of(
                config.sweep(), new DataRef("cifar100", "d0", false, 50_000, 0, 10_000), hashes, Computation.CPU_FP32);

        org.apache.hadoop.fs.Path results =
                new org.apache.hadoop.fs.Path(folder.resolve("results").toUri());
        try (Lease lease = Lease.take(hadoop, results, said -> {}, lost -> {})) {
            ResultStore store = new ResultStore(hadoop, results);
            store.writePlan(plan.sweepId(), plan.trials());
            System.out.println(lease != null && store.finishedIds().equals(Set.of()) ? "planned " : "confused ");
            System.out.println(
                    store.plan(plan.sweepId()).size() + " of " + plan.trials().size());
        }
        TrialOutcome.TeacherMetrics metrics = new TrialOutcome.TeacherMetrics(0.7, 1, 0.1);
        TeacherLocation location = new TeacherLocation("big", "resnet56", "t0");
        DataLocation data = new DataLocation("data", "d0", 100, 50_000, 10_000);
        Banks banks = new Banks(
                folder.resolve("bank").toUri().toString(),
                data,
                Map.of("big", new ReadyTeacher(location, metrics, null)));
        new BankPlan(banks, plan.trials().stream().map(PlannedTrial::trial).toList())
                .lines(hadoop)
                .forEach(System.out::println);
        for (Class<?> type :
                List.of(SweepJob.class, TeacherJob.class, SparkCluster.class, LegLoop.class, Leg.class, Report.class)) {
            // Links it and runs its initialiser.
            Class.forName(type.getName());
        }
    }
}
