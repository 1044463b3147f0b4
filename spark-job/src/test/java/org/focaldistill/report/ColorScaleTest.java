package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import org.junit.jupiter.api.Test;

class ColorScaleTest {
    private static final ColorScale SCALE = ColorScale.over(1, 3);

    @Test
    void isBlueForLowAndRedForHighValues() {
        assertThat(SCALE.getPaint(1)).isEqualTo(new Color(0x2166ac));
        assertThat(SCALE.getPaint(2)).isEqualTo(new Color(0xf7f7f7));
        assertThat(SCALE.getPaint(3)).isEqualTo(new Color(0xb2182b));
    }

    @Test
    void isNeutralWhenAllValuesAreEqual() {
        assertThat(ColorScale.over(5, 5).getPaint(5)).isEqualTo(new Color(0xf7f7f7));
    }

    @Test
    void hasARangeEvenWhereAllValuesAreZero() {
        ColorScale scale = ColorScale.over(0, 0);

        assertThat(scale.high()).isGreaterThan(scale.low());
        assertThat(scale.getPaint(0)).isEqualTo(new Color(0xf7f7f7));
    }

    @Test
    void writesWhiteOnDarkAndBlackOnLightGround() {
        assertThat(ColorScale.inkOn(SCALE.getPaint(1))).isEqualTo(Color.WHITE);
        assertThat(ColorScale.inkOn(SCALE.getPaint(2))).isEqualTo(Color.BLACK);
        assertThat(ColorScale.inkOn(SCALE.getPaint(3))).isEqualTo(Color.WHITE);
    }
}
