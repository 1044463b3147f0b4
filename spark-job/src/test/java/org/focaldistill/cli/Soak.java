package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.focaldistill.testing.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sweep of thousands of short legs on a standalone cluster whose executors are killed and stopped at random, as a seed
 * has it, all the time. Not one of the tests that a build runs:
 *
 * <pre>
 * mvn -pl spark-job test -Dtest=Soak -Dsoak.trials=3000 -Dsoak.seed=1
 * </pre>
 */
class Soak {
    private static final int TRIALS = Integer.getInteger("soak.trials", 40);
    private static final long SEED = Long.getLong("soak.seed", 1);
    private static final Duration BETWEEN_HEAPS = Duration.ofMinutes(2);
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    @TempDir
    private static Path shared;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final List<Integer> heaps = new ArrayList<>();
    private int killed;
    private int paused;
    private int workersKilled;

    @Test
    void every_planned_row_is_there_once_and_the_driver_s_heap_does_not_grow() throws Exception {
        try (FaultyCluster cluster = new FaultyCluster(shared)) {
            cluster.sweepUndisturbed();
            Path folder = cluster.newFolder("soak");
            Instant start = Instant.now();
            Program sweep = cluster.start(folder, options(folder));
            List<Server> workers = new ArrayList<>(List.of(cluster.worker(), cluster.addWorker("second-0")));
            try {
                disturbToTheEnd(cluster, workers, sweep, folder, start);
            } finally {
                workers.subList(1, workers.size()).forEach(Server::close);
            }
            FaultyCluster.finish(sweep);
            System.out.println("At the end: " + line(start, folder));
            SweepFolder found = SweepFolder.of(folder);
            found.assertExactlyThePlansRows();
            assertThat(found.found()).hasSize(TRIALS).doesNotHaveDuplicates();
            assertThat(found.checkpoints()).isEmpty();
            assertFlat();
        }
    }

    private void disturbToTheEnd(FaultyCluster cluster, List<Server> workers, Program sweep, Path folder, Instant start)
            throws Exception {
        Instant nextHeap = start.plus(BETWEEN_HEAPS);
        while (sweep.isRunning()) {
            disturb(cluster, workers);
            if (Instant.now().isAfter(nextHeap) && sweep.isRunning()) {
                heaps.add(usedAfterCollection(sweep.pid()));
                nextHeap = nextHeap.plus(BETWEEN_HEAPS);
                System.out.println(line(start, folder));
            }
        }
    }

    /** Trials of four epochs on 40 images, a leg an epoch. */
    private static String[] options(Path folder) {
        String seeds = IntStream.rangeClosed(1, (TRIALS + 9) / 10)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(","));
        return new String[] {
            "--set", "sweep.gamma=[0,0.001,0.002,0.003,0.004,0.005,0.006,0.007,0.008,0.009]",
            "--set", "sweep.dataSeeds=[" + seeds + "]",
            "--set", "paths.teachers=" + folder.resolve("teachers"),
            "--set", "paths.bank=" + folder.resolve("bank"),
            "--set", "data.trainImages=40",
            "--set", "data.testImages=20",
            "--set", "data.validation=0",
            "--set", "recipe.epochs=4",
            "--set", "run.checkpointEpochs=1"
        };
    }

    /** Waits, then ends an executor, lets one stand still, or ends a whole worker and starts another. */
    private void disturb(FaultyCluster cluster, List<Server> workers) throws Exception {
        TimeUnit.MILLISECONDS.sleep(5_000 + random.nextInt(20_000));
        int which = random.nextInt(workers.size());
        List<ProcessHandle> executors = FaultyCluster.executors(workers.get(which));
        int what = random.nextInt(10);
        if (what == 0 && which > 0) {
            workers.remove(which).kill();
            workers.add(cluster.addWorker("second-" + ++workersKilled));
        } else if (!executors.isEmpty()) {
            ProcessHandle executor = executors.get(random.nextInt(executors.size()));
            if (what < 3) {
                signal("STOP", executor);
                TimeUnit.SECONDS.sleep(3);
                signal("CONT", executor);
                paused++;
            } else if (executor.destroyForcibly()) {
                killed++;
            }
        }
    }

    /** It may have ended just now. */
    private static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
        int unused = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Megabytes. */
    private static int usedAfterCollection(long pid) throws IOException, InterruptedException {
        String unused = jcmd(pid, "GC.run");
        // Generation by generation, or all at once.
        long kilobytes = USED.matcher(jcmd(pid, "GC.heap_info"))
                .results()
                .mapToLong(used -> Long.parseLong(used.group(1)))
                .sum();
        return Math.toIntExact(kilobytes / 1024);
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.lines()
                .filter(line -> !line.contains("Metaspace") && !line.contains("class space"))
                .collect(Collectors.joining("\n"));
    }

    private String line(Instant start, Path folder) throws IOException {
        return String.format(
                Locale.ROOT,
                "%d min: %d of %d trials, %d legs; executors killed %d, stopped for a while %d, workers killed %d; heap after a"
                        + " collection, MB: %s; %s",
                Duration.between(start, Instant.now()).toMinutes(),
                SweepFolder.of(folder).found().size(),
                TRIALS,
                legs(folder),
                killed,
                paused,
                workersKilled,
                heaps,
                SweepFolder.of(folder).attemptsByEnd());
    }

    private static long legs(Path folder) throws IOException {
        long legs = 0;
        try (Stream<Path> files = Files.list(folder.resolve("results/events"))) {
            for (Path file : files.toList()) {
                try (Stream<String> lines = Files.lines(file)) {
                    legs += lines.filter(line -> line.contains("\"leg_ended\"")).count();
                }
            }
        }
        return legs;
    }

    /** The last third beside the middle one; the first fills caches. */
    private void assertFlat() {
        int third = heaps.size() / 3;
        if (third >= 3) {
            double middle = mean(heaps.subList(third, 2 * third));
            double last = mean(heaps.subList(2 * third, heaps.size()));
            System.out.printf(Locale.ROOT, "heap, middle third %.0f MB, last third %.0f MB%n", middle, last);
            assertThat(last).isLessThan(1.25 * middle + 10);
        }
    }

    private static double mean(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).average().orElse(0);
    }
}
