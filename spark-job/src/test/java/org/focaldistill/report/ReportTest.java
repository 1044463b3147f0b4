package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.focaldistill.sweep.SampleOutcomes.diverged;
import static org.focaldistill.sweep.SampleOutcomes.ok;

import java.awt.image.BufferedImage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.store.OpenTrials;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Trial;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportTest {
    private Path directory;
    private ResultStore store;

    @BeforeEach
    void openStore(@TempDir Path directory) throws IOException {
        this.directory = directory;
        store = new ResultStore(
                new Configuration(),
                new org.apache.hadoop.fs.Path(directory.resolve("results").toUri()));
    }

    /** A finished grid whose last cell diverged, with a baseline. */
    private static List<Finished> finished(int cells, boolean generated) {
        List<Finished> finished = new ArrayList<>();
        for (int row = 0; row < cells; row++) {
            for (int column = 0; column < cells; column++) {
                Trial trial = trial(0.1 * row, 1 - 0.1 * row, 0.001 * column, 1, generated);
                boolean last = row == cells - 1 && column == cells - 1;
                finished.add(new Finished(last ? diverged(trial) : ok(trial), Set.of(Role.GRID)));
            }
        }
        finished.add(new Finished(ok(trial(0, 1, 0.5, 1, generated)), Set.of(Role.BASELINE)));
        return finished;
    }

    /** {@link #finished} and one planned trial that is not. */
    private void runSweep(String id, int cells, boolean generated) throws IOException {
        List<PlannedTrial> plan = new ArrayList<>();
        for (Finished each : finished(cells, generated)) {
            store.commit(each.outcome(), List.of(), List.of());
            plan.add(new PlannedTrial(each.outcome().trial(), each.roles()));
        }
        plan.add(new PlannedTrial(trial(0.9, 0.1, 0.5, 7, generated), Set.of(Role.REFERENCE)));
        store.writePlan(id, plan);
    }

    private static Trial trial(double alpha, double beta, double gamma, long seed, boolean generated) {
        return SampleOutcomes.trial(LossSettings.of(new LossWeights(alpha, beta, gamma)), seed, generated);
    }

    private List<org.apache.hadoop.fs.Path> write(Report report) throws IOException {
        return report.write(
                new Configuration(),
                new org.apache.hadoop.fs.Path(directory.resolve("report").toUri()),
                "focaldistill report");
    }

    @Test
    void putsTheGridIntoATableWithTheBaselineBeside() throws IOException {
        runSweep("study", 3, false);
        SweepTable table = Report.of(store, "study").tables().get(2);

        assertThat(table.quantity()).isEqualTo(Quantity.TEST_CE);
        assertThat(table.text()).isEqualTo("""
                        test CE: resnet56 to resnet20 on cifar100
                        T = 4, beta = 1 - alpha, one seed

                        alpha\\gamma     0 0.001 0.002
                        0           1.101 1.101 1.101
                        0.1         1.121 1.121 1.121
                        0.2         1.141 1.141   div

                        beside   alpha beta gamma test CE seeds
                        baseline     0    1   0.5   1.101     1
                        div: DIVERGED, the loss or a gradient stopped being finite
                        """);
        assertThat(table.markdown())
                .contains("| alpha\\\\gamma | 0 | 0.001 | 0.002 |\n|:--|--:|--:|--:|\n")
                .contains("| 0.2 | 1.141 | 1.141 | div |");
    }

    @Test
    void averagesOverSeedsAndMarksCellsThatLackSome() throws IOException {
        Trial first = trial(0.1, 0.9, 0, 1, false);
        Trial second = trial(0.1, 0.9, 0, 3, false);
        Trial gone = trial(0.2, 0.8, 0, 1, false);
        Trial survived = trial(0.2, 0.8, 0, 3, false);
        store.commit(ok(first), List.of(), List.of());
        store.commit(ok(second), List.of(), List.of());
        store.commit(diverged(gone), List.of(), List.of());
        store.commit(ok(survived), List.of(), List.of());
        store.writePlan("seeds", List.of(grid(first), grid(second), grid(gone), grid(survived)));

        SweepTable table = Report.of(store, null).tables().get(2);

        assertThat(table.settings()).endsWith("mean of 2 seeds (data order and initial weights)");
        assertThat(table.text()).contains("0.1              1.122\n").contains("0.2         1.143(1/2)\n");
    }

    @Test
    void keepsAxesOtherThanTheGridsInTablesOfTheirOwn() throws IOException {
        LossSettings warm = LossSettings.of(new LossWeights(0.1, 0.9, 0));
        LossSettings cool = new LossSettings(warm.weights(), 2, warm.klDirection(), warm.focalForm(), 2);
        List<PlannedTrial> plan = new ArrayList<>();
        for (LossSettings loss : List.of(warm, cool)) {
            Trial trial = SampleOutcomes.trial(loss, 1, false);
            store.commit(ok(trial), List.of(), List.of());
            plan.add(grid(trial));
        }
        store.writePlan("temperatures", plan);

        assertThat(Report.of(store, null).tables())
                .hasSize(12)
                .extracting(SweepTable::title)
                .contains(
                        "test CE: resnet56 to resnet20 on cifar100, temperature = 2.0",
                        "test CE: resnet56 to resnet20 on cifar100, temperature = 4.0");
    }

    @Test
    void keepsEnginesInTablesOfTheirOwnAndNamesThem() throws IOException {
        Trial cpu = trial(0.1, 0.9, 0, 1, false);
        Trial cuda = SampleOutcomes.on(cpu, new Computation("cuda", "fp32"));
        store.commit(ok(cpu), List.of(), List.of());
        store.commit(ok(cuda), List.of(), List.of());
        store.writePlan("engines", List.of(grid(cpu), grid(cuda)));

        assertThat(Report.of(store, null).tables())
                .hasSize(12)
                .extracting(SweepTable::title)
                .contains(
                        "test CE: resnet56 to resnet20 on cifar100, engine = cpu",
                        "test CE: resnet56 to resnet20 on cifar100, engine = cuda");
    }

    @Test
    void saysAtTheTopOfEveryFormThatTrialsWereNotComputedAlike() throws IOException {
        Trial fast = trial(0.1, 0.9, 0, 1, false);
        Trial slow = trial(0.2, 0.8, 0, 1, false);
        store.commit(SampleOutcomes.by(ok(fast), "CpuBackend, onednn 2.5.2 (avx2)"), List.of(), List.of());
        store.commit(SampleOutcomes.by(ok(slow), "CpuBackend, nd4j operations on CpuBackend"), List.of(), List.of());
        store.writePlan("mixed", List.of(grid(fast), grid(slow)));
        String sentence =
                "These trials were not all computed alike: 1 by engine cpu with numerics fp32, CpuBackend, nd4j"
                        + " operations on CpuBackend; 1 by engine cpu with numerics fp32, CpuBackend, onednn 2.5.2 (avx2). ";

        Report report = Report.of(store, null);
        write(report);
        assertThat(report.trialTable().replace('\n', ' ')).contains("finished  " + sentence);
        assertThat(Files.readString(directory.resolve("report/report.md"))).contains("mixed\n\n**" + sentence);
        assertThat(Files.readString(directory.resolve("report/report.html")))
                .contains("<p class=\"warning\">" + sentence);
        assertThat(SweepStatus.read(store, new OpenTrials(new Configuration(), store.root()), null, null, null)
                        .text())
                .contains(sentence)
                .contains("1 trial of these ran on ND4J's operations, up to 37 times slower than oneDNN");
    }

    @Test
    void saysNothingOfTrialsThatCardsOfOneModelComputed() throws IOException {
        Trial first = SampleOutcomes.on(trial(0.1, 0.9, 0, 1, false), Computation.CUDA_FP32);
        Trial second = SampleOutcomes.on(trial(0.2, 0.8, 0, 1, false), Computation.CUDA_FP32);
        store.commit(SampleOutcomes.by(ok(first), "NVIDIA A100 (GPU-1, 40 GiB)"), List.of(), List.of());
        String ofTwoWorkers = "NVIDIA A100 (GPU-2, 40 GiB); NVIDIA A100 (GPU-3, 40 GiB)";
        store.commit(SampleOutcomes.by(ok(second), ofTwoWorkers), List.of(), List.of());
        store.writePlan("cards", List.of(grid(first), grid(second)));
        assertThat(Report.of(store, null).trialTable()).doesNotContain("computed alike");
    }

    @Test
    void tellsTrialsThatACardMeasuredFromThoseThatACpuDid() throws IOException {
        Trial plain = SampleOutcomes.on(trial(0.1, 0.9, 0, 1, false), Computation.CUDA_FP32);
        Trial averaged = SampleOutcomes.on(trial(0.2, 0.8, 0, 1, false), Computation.CUDA_FP32);
        store.commit(SampleOutcomes.by(ok(plain), "NVIDIA A100 (GPU-1, 40 GiB)"), List.of(), List.of());
        String ofTwoWorkers = "NVIDIA A100 (GPU-2, 40 GiB); NVIDIA A100 (GPU-3, 40 GiB);"
                + " measured by CpuBackend, onednn 2.5.2 (avx2)";
        store.commit(SampleOutcomes.by(ok(averaged), ofTwoWorkers), List.of(), List.of());
        store.writePlan("cards", List.of(grid(plain), grid(averaged)));
        assertThat(Report.of(store, null).trialTable().replace('\n', ' '))
                .contains(
                        "1 by engine cuda with numerics fp32, NVIDIA A100; 1 by engine cuda with numerics fp32, NVIDIA"
                                + " A100; measured by CpuBackend, onednn 2.5.2 (avx2). ");
    }

    private static PlannedTrial grid(Trial trial) {
        return new PlannedTrial(trial, Set.of(Role.GRID));
    }

    @Test
    void fitsAHundredTrialsIntoEightyColumns() {
        Report report = new Report(new SweepResults("study", 102, finished(10, true), List.of()), null);

        assertThat(report.trialTable().lines())
                .hasSizeGreaterThan(101)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80))
                .anySatisfy(line -> assertThat(line).contains("generated"))
                .anySatisfy(line -> assertThat(line).contains("DIVERGED"));
        for (SweepTable table : report.tables()) {
            assertThat(table.text().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        }
        assertThat(report.trialTable()).startsWith("Sweep study: 101 of 102 trials finished, 1 missing\n");
    }

    @Test
    void writesAPageTablesAndPicturesThatCanBeOpened() throws Exception {
        runSweep("study", 3, false);

        List<org.apache.hadoop.fs.Path> written = write(Report.of(store, null));

        assertThat(written)
                .hasSizeGreaterThan(4 + 2 * 6)
                .allSatisfy(file -> assertThat(Path.of(file.toUri())).isNotEmptyFile());
        Path picture = directory.resolve("report/heatmap-1-resnet56-resnet20-test-top1.png");
        BufferedImage image = ImageIO.read(picture.toFile());
        assertThat(image.getWidth()).isEqualTo(1800);
        assertThat(Files.readString(directory.resolve("report/report.md")))
                .contains(
                        "\n\n## How to read the totals\n",
                        "dL/dgamma = F",
                        "10 of 11 planned trials are finished, 1 of them DIVERGED; 1 missing",
                        "resnet56-resnet20-test-loss.png")
                .doesNotContain("generated");
        assertThat(directory.resolve("report/report.html"))
                .content()
                .contains("What failed")
                .doesNotContain("Table 1");
        assertThat(Files.readAllLines(directory.resolve("report/tables.csv"))).hasSize(1 + 6 * 10);
    }

    @Test
    void showsNoNumbersOfADivergedTrial() throws IOException {
        Trial trial = trial(0.1, 0.9, 0.5, 1, false);
        store.commit(diverged(trial), List.of(), List.of());
        store.writePlan("study", List.of(grid(trial)));

        assertThat(Report.of(store, null).trialTable().lines())
                .first(InstanceOfAssertFactories.STRING)
                .isEqualTo("Sweep study: 1 of 1 trials finished");
        assertThat(Report.of(store, null).trialTable().lines())
                .anySatisfy(line -> assertThat(line).containsPattern("DIVERGED +- +- +- +-$"))
                .noneSatisfy(line -> assertThat(line).contains("null", "NaN"));
    }

    @Test
    void drawsAGridOfDivergedTrialsAlone() throws Exception {
        Trial trial = trial(0.1, 0.9, 0.5, 1, false);
        store.commit(diverged(trial), List.of(), List.of());
        store.writePlan("study", List.of(grid(trial)));

        write(Report.of(store, null));

        assertThat(texts("heatmap-1-resnet56-resnet20-test-ce.svg"))
                .contains("div", "div: all seeds diverged", "0.1", "0.5")
                .doesNotContain("-: no finished trial");
    }

    @Test
    void drawsEveryValueAndTickAndExplainsCellsWithoutOne() throws Exception {
        List<PlannedTrial> plan = new ArrayList<>();
        for (double alpha : new double[] {0.1, 0.2}) {
            for (double gamma : new double[] {0, 0.00025}) {
                Trial trial = trial(alpha, 1 - alpha, gamma, 1, false);
                plan.add(grid(trial));
                if (alpha < 0.2 || gamma > 0) {
                    store.commit(ok(trial), List.of(), List.of());
                }
            }
        }
        store.writePlan("study", plan);

        write(Report.of(store, null));

        assertThat(texts("heatmap-1-resnet56-resnet20-test-top1.svg"))
                .startsWith("test top-1 (%): resnet56 to resnet20 on cifar100", "T = 4, beta = 1 - alpha, one seed")
                .contains("69.30", "69.28", "69.48", "-", "-: no finished trial")
                .contains("0", "0.00025", "0.1", "0.2")
                .doesNotContain("div: all seeds diverged");
    }

    private List<String> texts(String picture) throws Exception {
        Element root = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(directory.resolve("report").resolve(picture).toFile())
                .getDocumentElement();
        NodeList texts = root.getElementsByTagName("text");
        return IntStream.range(0, texts.getLength())
                .mapToObj(index -> texts.item(index).getTextContent())
                .toList();
    }

    @Test
    void saysGeneratedInEveryFileOfGeneratedImages() throws IOException {
        runSweep("study", 2, true);

        for (org.apache.hadoop.fs.Path file : write(Report.of(store, null))) {
            if (!file.getName().endsWith(".png")) {
                assertThat(Path.of(file.toUri())).content().contains("generated");
            } else {
                assertThat(file.getName()).startsWith("generated-");
            }
        }
        assertThat(Report.of(store, null).tables())
                .allSatisfy(table -> assertThat(table.text()).contains("generated"));
    }

    @Test
    void overwritesEarlierReportsAndNothingElse() throws IOException {
        runSweep("study", 2, false);
        write(Report.of(store, null));
        assertThat(write(Report.of(store, null))).isNotEmpty();

        Path mine = directory.resolve("report/report.html");
        Files.delete(directory.resolve("report/report-files.txt"));
        Files.writeString(mine, "my notes");
        assertThatThrownBy(() -> write(Report.of(store, null)))
                .hasMessageContaining("report.html: it is there and no earlier report wrote it");
        assertThat(mine).hasContent("my notes");
    }

    @Test
    void reportsOnTheNewestSweepAndNamesTheOthers() throws IOException {
        runSweep("old", 2, false);
        store.writePlan("new", List.of(grid(trial(0, 1, 0, 1, false))));
        assertThat(directory.resolve("results/plan/old.parquet").toFile().setLastModified(1_000_000))
                .isTrue();

        assertThat(Report.of(store, null).sweepId()).isEqualTo("new");
        assertThat(Report.of(store, null).otherSweeps()).containsExactly("old");
        assertThatThrownBy(() -> Report.of(store, "none"))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("it has [new, old]");
    }

    @Test
    void saysHowToGetResultsWhenThereAreNone() {
        assertThatThrownBy(() -> Report.of(store, null))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageEndingWith("it has no sweep. The command `sweep` makes one.");
    }
}
