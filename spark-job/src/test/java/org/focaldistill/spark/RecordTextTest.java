package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecordTextTest {
    private record Weights(double alpha, double beta) {}

    private record Settings(int epochs, Weights weights, List<Double> dropAt) {}

    private static final String BEFORE = new Settings(3, new Weights(0, 1), List.of(0.5, 0.75)).toString();

    @Test
    void names_each_setting_that_differs_and_no_other() {
        String now = new Settings(4, new Weights(0.5, 1), List.of(0.5)).toString();
        assertThat(RecordText.differences("recipe", BEFORE, now))
                .containsExactly(
                        "recipe.epochs was 3, is now 4",
                        "recipe.weights.alpha was 0.0, is now 0.5",
                        "recipe.dropAt was [0.5, 0.75], is now [0.5]");
        assertThat(RecordText.differences("recipe", BEFORE, BEFORE)).isEmpty();
    }

    @Test
    void takes_what_is_no_record_and_what_one_version_does_not_have_as_it_is() {
        assertThat(RecordText.differences("model", "resnet8", "resnet20"))
                .containsExactly("model was resnet8, is now resnet20");
        assertThat(RecordText.differences("recipe", "Recipe[epochs=3]", "Recipe[epochs=3, nesterov=true]"))
                .containsExactly("recipe.nesterov was not set, is now true");
    }
}
