package org.focaldistill.nn.backend;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaDeviceTest {
    @ParameterizedTest
    @CsvSource({"3,7", "5,0", "6,1", "7,5", "8,0", "8,6", "8,9"})
    void runs_on_what_the_library_has_machine_code_for(int major, int minor) {
        assertThatCode(() -> CudaDevice.requireKernels(major, minor)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"3,5", "9,0", "10,0", "12,0"})
    void refuses_what_it_has_none_for(int major, int minor) {
        assertThatThrownBy(() -> CudaDevice.requireKernels(major, minor))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("compute capability is " + major + "." + minor)
                .hasMessageContaining("3.7 and 5.0 to 8.9");
    }
}
