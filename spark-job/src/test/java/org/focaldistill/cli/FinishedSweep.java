package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.TrialOutcome;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A finished sweep of five trials, for tests to ask about: made once for all that take one, so none may change it.
 */
final class FinishedSweep implements AutoCloseable {
    private static final String CONFIG = """
            focaldistill {
              paths { root = "%s", data = "%s/data", teachers = "%s/teachers", bank = "%s/bank" }
              data { validation = 60, trainImages = 400, testImages = 100 }
              generated { trainImages = 400, testImages = 100 }
              teachers { small { model = resnet8, recipe { epochs = 1 } } }
              teacher.train = true
              sweep {
                pairs = [{ teacher = small, student = resnet8 }]
                alpha = [0, 0.1]
                gamma = [0, 1e30]
                references = []
              }
              recipe { epochs = 2, batchSize = 32 }
              run { checkpointEpochs = 1, slots = 2 }
            }
            """;

    private final Path folder;

    private FinishedSweep(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        String images = folder.resolve("images").toString();
        String unused = ask(folder, "generate", images);
        unused = ask(folder, "prepare", "--from", images);
        Program sweep = Program.start(folder, "sweep", "-c", config(folder));
        assertThat(sweep.exitCode()).as(sweep.output()).isZero();
    }

    /** Gives it to whoever has it as a parameter. */
    static final class Once implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == FinishedSweep.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(Namespace.create(FinishedSweep.class))
                    .getOrComputeIfAbsent(FinishedSweep.class, key -> make());
        }

        private static FinishedSweep make() {
            try {
                return new FinishedSweep(Files.createTempDirectory("finished-sweep"));
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        FileUtils.deleteDirectory(folder.toFile());
    }

    Path folder() {
        return folder;
    }

    /** A configuration of the same sweep with results of its own in another folder. */
    String config(Path other) throws IOException {
        return config(other, folder);
    }

    /** One of the same sweep in another folder where nothing is yet, no teacher either. */
    String fromTheStart(Path other) throws IOException {
        return config(other, other);
    }

    private String config(Path results, Path teachers) throws IOException {
        Path file = results.resolve("sweep.conf");
        Files.writeString(file, CONFIG.formatted(results, folder, teachers, teachers), StandardCharsets.UTF_8);
        return file.toString();
    }

    /** One with alpha above 0 that ended well. */
    String okTrial() throws IOException {
        return trial(folder, false);
    }

    String divergedTrial() throws IOException {
        return trial(folder, true);
    }

    private static String trial(Path of, boolean diverging) throws IOException {
        return rows(of).values().stream()
                .map(TrialOutcome::trial)
                .filter(trial -> trial.loss().weights().gamma() > 1 == diverging
                        && (diverging || trial.loss().weights().alpha() > 0))
                .findFirst()
                .orElseThrow()
                .id();
    }

    /** What a command prints that asks of a folder and ends well. */
    String ask(Path asked, String... arguments) throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertThat(run(asked, out, err, arguments)).as(err.toString()).isZero();
        return out.toString();
    }

    int run(Path asked, StringWriter out, StringWriter err, String... arguments) throws IOException {
        String[] all = Stream.concat(Stream.of(arguments), Stream.of("-c", config(asked)))
                .toArray(String[]::new);
        return FocalDistill.run(new PrintWriter(out), new PrintWriter(err), all);
    }

    static List<Path> files(Path of) throws IOException {
        try (Stream<Path> files = Files.walk(of)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static boolean hasPlan(Path of) throws IOException {
        return !store(of).sweeps().isEmpty();
    }

    static Map<String, TrialOutcome> rows(Path of) throws IOException {
        Map<String, TrialOutcome> rows = new HashMap<>();
        store(of).trials().forEach(row -> rows.put(row.trial().id(), row));
        return rows;
    }

    static ResultStore store(Path of) throws IOException {
        return new ResultStore(
                new Configuration(),
                new org.apache.hadoop.fs.Path(of.resolve("results").toUri()));
    }
}
