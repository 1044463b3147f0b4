package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.focaldistill.testing.Defaults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "4.640830000000001, 4.64083",
        "0.30000000000000004, 0.3",
        "-12.5, -12.5",
        "2500000, 2500000",
        "0.000002, 0.000002",
        "100000000.25, 100000000.25",
        "3e12, 3E+12",
        "2e-11, 2E-11"
    })
    void a_tick_has_its_digits_and_no_exponent_unless_it_is_very_large_or_small(double value, String shown) {
        assertThat(Decimals.plain(value)).isEqualTo(shown);
    }

    @Test
    void axes_of_values_that_are_close_to_each_other_or_far_apart_have_plain_numbers() {
        try (Defaults elsewhere = new Defaults("ar-EG", "UTC")) {
            assertThat(ticks(4.64081, 4.64085)).contains("4.64082", "4.64084");
            assertThat(ticks(0, 4_000_000)).contains("1000000");
            assertThat(ticks(-0.5, 2.5)).contains("-0.5", "1.5");
        }
    }

    private static List<String> ticks(double low, double high) {
        String picture = new Curves("right", "up")
                .add(
                        "line",
                        Curves.Look.LINE,
                        List.of(new Curves.Point(low, low, ""), new Curves.Point(high, high, "")))
                .chart("slug", "title")
                .svg();
        Matcher texts = Pattern.compile(">([^<>]+)</text>").matcher(picture);
        List<String> found = texts.results().map(each -> each.group(1)).toList();
        assertThat(found).hasSizeGreaterThan(4).allMatch(each -> each.matches("right|up|-?[0-9]+(\\.[0-9]+)?"));
        return found;
    }
}
