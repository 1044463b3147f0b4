package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextGridTest {

    @Test
    void wrapsColumnsIntoBlocksThatRepeatTheFirst() {
        TextGrid grid = new TextGrid(List.of("a", "1", "2", "3"));
        grid.add(List.of("row", "1.5", "2.5", "3.5"));

        assertThat(grid.wrapped(11)).containsExactly("""
                        a     1   2
                        row 1.5 2.5
                        """, """
                        a     3
                        row 3.5
                        """);
    }

    @Test
    void refusesARowOfAnotherLength() {
        assertThatThrownBy(() -> new TextGrid(List.of("a", "b")).add(List.of("1")))
                .hasMessage("A row under [a, b] needs as many values, found [1]");
    }

    @Test
    void wrapsSentencesBetweenWords() {
        assertThat(TextGrid.wrap("one two three four", 9)).isEqualTo("one two\nthree\nfour\n");
    }

    @ParameterizedTest
    @CsvSource({
        "0.30000000000000004, 0.3",
        "0, 0",
        "100, 100",
        "0.00025, 0.00025",
        "1e-12, 1E-12",
        "0.1234567, 0.123457"
    })
    void showsSettingsInTheirShortestForm(double value, String shown) {
        assertThat(Decimals.compact(value)).isEqualTo(shown);
    }
}
