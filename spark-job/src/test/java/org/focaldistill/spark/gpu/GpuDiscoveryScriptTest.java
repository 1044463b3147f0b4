package org.focaldistill.spark.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.focaldistill.testing.NvidiaSmi;
import org.focaldistill.testing.StandaloneCluster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuDiscoveryScriptTest {
    @TempDir
    private Path folder;

    private record Answer(int code, String out, String err) {}

    @Test
    void prints_all_usable_gpus_as_spark_wants_them() throws Exception {
        Answer answer =
                ask(NvidiaSmi.in(folder, "0, NVIDIA GeForce RTX 3070, 8.6", "1, NVIDIA A100-SXM4-40GB, 8.0"), null);
        assertThat(answer.code()).isZero();
        assertThat(answer.out()).isEqualToIgnoringNewLines("{\"name\": \"gpu\", \"addresses\": [\"0\", \"1\"]}");
        assertThat(answer.err()).isEmpty();
    }

    @Test
    void leaves_out_a_gpu_without_kernels_and_says_so() throws Exception {
        Answer answer = ask(NvidiaSmi.in(folder, "0, NVIDIA H100 PCIe, 9.0", "1, Tesla T4, 7.5"), null);
        assertThat(answer.code()).isZero();
        assertThat(answer.out()).contains("[\"1\"]");
        assertThat(answer.err()).contains("GPU 0 (NVIDIA H100 PCIe)").contains("compute capability 9.0");
    }

    @Test
    void fails_where_no_gpu_is_usable() throws Exception {
        Answer answer = ask(NvidiaSmi.in(folder, "0, NVIDIA H100 PCIe, 9.0"), null);
        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.err()).contains("has no GPU that ND4J can use");
    }

    @Test
    void hands_out_only_what_cuda_visible_devices_names() throws Exception {
        Answer answer = ask(NvidiaSmi.in(folder, "0, Tesla T4, 7.5", "1, Tesla T4, 7.5", "2, Tesla T4, 7.5"), "1,2");
        assertThat(answer.out()).contains("[\"1\", \"2\"]");
    }

    @Test
    void hands_out_nothing_where_cuda_visible_devices_is_set_and_empty() throws Exception {
        Answer answer = ask(NvidiaSmi.in(folder, "0, Tesla T4, 7.5"), "");
        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.err()).contains("CUDA_VISIBLE_DEVICES is set and empty");
    }

    private static Answer ask(Path path, @Nullable String visible) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(StandaloneCluster.GPU_DISCOVERY.toString());
        builder.environment().put("PATH", path + ":" + System.getenv("PATH"));
        builder.environment().remove(GpuBinding.VISIBLE_DEVICES);
        if (visible != null) {
            builder.environment().put(GpuBinding.VISIBLE_DEVICES, visible);
        }
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), out, err);
    }
}
