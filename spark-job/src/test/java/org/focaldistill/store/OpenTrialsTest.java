package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.weights.Safetensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenTrialsTest {
    private static final Configuration HADOOP = new Configuration();

    @TempDir
    private Path folder;

    @Test
    void checkpoints_of_trials_that_have_an_outcome_are_deleted_and_others_stay() throws IOException {
        OpenTrials trials = new OpenTrials(HADOOP, new org.apache.hadoop.fs.Path(folder.toUri()));
        trials.forget(Set.of("finished"));
        for (String id : new String[] {"finished", "open"}) {
            new CheckpointFiles(HADOOP, trials.checkpoints(id)).save(2, new Safetensors(Map.of(), Map.of()), () -> {});
        }
        trials.forget(Set.of("finished", "packed"));
        assertThat(trials.list()).extracting(OpenTrial::id).containsExactly("open");
        assertThat(trials.savedEpochs()).isEqualTo(Map.of("open", 2));
    }
}
