package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.focaldistill.data.ViewedImages;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.TeacherLocation;
import org.focaldistill.store.WritePermit;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Seed;
import org.junit.jupiter.api.Test;

class LegTest {
    private static Leg leg(Seed seed) {
        return Leg.of(
                SampleOutcomes.with(SampleOutcomes.trial(0.1, 0.9, 0, 1), seed),
                new DataLocation("data", "hash", 100, 50_000, 10_000),
                new TeacherLocation("teacher", "resnet56", "hash"),
                null,
                "checkpoints",
                new WritePermit("results", "this driver"),
                1);
    }

    @Test
    void plain_seeds_reach_the_training_as_they_are() {
        Leg leg = leg(Seed.plain(2, 3));

        assertThat(leg.task().dataSeed()).isEqualTo(2);
        assertThat(leg.task().initSeed()).isEqualTo(3);
        assertThat(leg.bankSets().heldOut()).isEqualTo(new ViewedImages.HeldOut(2, 50_000, 0));
    }

    @Test
    void of_a_scattered_seed_the_training_has_a_stream_for_the_data_and_one_for_the_weights() {
        Seed seed = Seed.of(2);
        Leg leg = leg(seed);

        assertThat(leg.task().dataSeed()).isEqualTo(seed.dataStream()).isNotEqualTo(2);
        assertThat(leg.task().initSeed())
                .isEqualTo(seed.initStream())
                .isNotEqualTo(leg.task().dataSeed());
        assertThat(leg.bankSets().heldOut()).isEqualTo(new ViewedImages.HeldOut(seed.dataStream(), 50_000, 0));
    }
}
