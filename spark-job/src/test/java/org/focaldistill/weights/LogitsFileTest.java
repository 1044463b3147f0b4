package org.focaldistill.weights;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogitsFileTest {
    private static final Tensor LOGITS =
            new Tensor(new long[] {2, 3}, new float[] {1.5f, -2.25f, 1000, 0.1f, -65504, 3e-8f});

    @Test
    void single_precision_comes_back_as_it_was() throws InvalidModelException {
        LogitsFile file = new LogitsFile(LOGITS, Map.of("model", "resnet8"));
        LogitsFile back = LogitsFile.parse(file.toBytes(false), "x");
        assertThat(back.logits().shape()).containsExactly(2, 3);
        assertThat(back.logits().values()).containsExactly(LOGITS.values());
        assertThat(back.about()).isEqualTo(Map.of("model", "resnet8"));
    }

    @Test
    void half_precision_comes_back_rounded() throws InvalidModelException {
        LogitsFile back = LogitsFile.parse(new LogitsFile(LOGITS, Map.of()).toBytes(true), "x");
        assertThat(back.logits().values())
                .containsExactly(1.5f, -2.25f, 1000, Half.toFloat(Half.of(0.1f)), -65504, 0x1p-24f);
    }

    @Test
    void the_size_is_known_before_the_logits_are() throws InvalidModelException {
        int header = new LogitsFile(LOGITS, Map.of()).toBytes(false).length - (int) LogitsFile.bytes(2, 3, false);
        assertThat(header).isBetween(100, 300);
        assertThat(LogitsFile.bytes(50_000, 100, true)).isEqualTo(10_000_000);
    }

    @Test
    void what_half_precision_does_not_hold_is_refused_with_the_way_out() {
        Tensor large = new Tensor(new long[] {2, 2}, new float[] {1, 2, 3, 70_000});
        assertThatThrownBy(() -> new LogitsFile(large, Map.of()).toBytes(true))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage("The logit of class 1 in row 1 is 70000.0, more than half precision holds (65504); store"
                        + " them as fp32 (teacher.bankPrecision)");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_is_not_finite_is_refused(boolean half) {
        Tensor broken = new Tensor(new long[] {1, 2}, new float[] {1, Float.NaN});
        assertThatThrownBy(() -> new LogitsFile(broken, Map.of()).toBytes(half))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("class 1 in row 0 is NaN");
    }

    @Test
    void a_changed_logit_is_noticed() throws InvalidModelException {
        byte[] file = new LogitsFile(LOGITS, Map.of()).toBytes(true);
        file[file.length - 3] ^= 1;
        assertThatThrownBy(() -> LogitsFile.parse(file, "bank/x"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("Cannot read the logits bank/x: its checksum is")
                .hasMessageEndingWith("it was damaged");
    }

    @Test
    void the_header_holds_the_sha_256_of_the_logits_bytes() throws InvalidModelException {
        Tensor one = new Tensor(new long[] {1, 1}, new float[] {1});
        // printf '\0\0\x80\x3f' | sha256sum
        assertThat(new String(new LogitsFile(one, Map.of()).toBytes(false), ISO_8859_1))
                .contains("\"sha256\":\"e00e5eb9444182f352323374ef4e08ebcb784725fdd4fd612d7730540b3e0c8c\"");
    }

    @Test
    void a_file_of_weights_is_no_file_of_logits() {
        byte[] weights =
                new Safetensors(Map.of("fc.bias", new Tensor(new long[] {1}, new float[] {1})), Map.of()).toBytes();
        assertThatThrownBy(() -> LogitsFile.parse(weights, "x")).hasMessageContaining("one tensor logits");
    }
}
