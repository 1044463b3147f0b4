package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import org.junit.jupiter.api.Test;

class ColorScaleTest {
    private static final ColorScale SCALE = new ColorScale(1, 3);

    @Test
    void isBlueForLowAndRedForHighValues() {
        assertThat(SCALE.of(1)).isEqualTo(new Color(0x2166ac));
        assertThat(SCALE.of(2)).isEqualTo(new Color(0xf7f7f7));
        assertThat(SCALE.of(3)).isEqualTo(new Color(0xb2182b));
    }

    @Test
    void isNeutralWhenAllValuesAreEqual() {
        assertThat(new ColorScale(1, 1).of(1)).isEqualTo(new Color(0xf7f7f7));
    }

    @Test
    void writesWhiteOnDarkAndBlackOnLightGround() {
        assertThat(ColorScale.inkOn(SCALE.of(1))).isEqualTo(Color.WHITE);
        assertThat(ColorScale.inkOn(SCALE.of(2))).isEqualTo(Color.BLACK);
        assertThat(ColorScale.inkOn(SCALE.of(3))).isEqualTo(Color.WHITE);
    }
}
