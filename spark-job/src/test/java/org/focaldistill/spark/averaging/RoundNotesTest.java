package org.focaldistill.spark.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.LongAccumulator;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.nn.averaging.WorkerNote;
import org.junit.jupiter.api.Test;

class RoundNotesTest {
    @Test
    void images_count_when_their_step_is_made() {
        RoundNotes notes = new RoundNotes(new CollectionAccumulator<>(), new LongAccumulator());
        WorkerNote made = new WorkerNote.Made(1, 0, 24, new LossComponents(0, 0, 0), 0, 0);
        notes.add(made);
        assertThat(notes.trainedImages().value()).isEqualTo(24);
        notes.add(new WorkerNote.NotFinite(1, 1, "CE"));
        notes.add(new WorkerNote.RunningMeans(1, new float[0]));
        assertThat(notes.trainedImages().value()).isEqualTo(24);
        assertThat(notes.notes().value()).hasSize(3).contains(made);
    }
}
