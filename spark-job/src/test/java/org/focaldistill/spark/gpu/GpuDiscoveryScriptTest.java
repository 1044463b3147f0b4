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
    void takes_newer_gpus_than_there_were_when_it_was_written() throws Exception {
        Answer answer = ask(
                NvidiaSmi.in(folder, "0, NVIDIA H100 PCIe, 9.0", "1, NVIDIA B200, 10.0", "2, RTX 5090, 12.0"), null);
        assertThat(answer.out()).contains("[\"0\", \"1\", \"2\"]");
        assertThat(answer.err()).isEmpty();
    }

    @Test
    void leaves_out_a_gpu_that_is_too_old_and_says_so() throws Exception {
        Answer answer = ask(NvidiaSmi.in(folder, "0, NVIDIA H100 PCIe, 9.0", "1, Tesla T4, 7.5"), null);
        assertThat(answer.code()).isZero();
        assertThat(answer.out()).contains("[\"0\"]");
        assertThat(answer.err())
                .contains("GPU 1 (Tesla T4)")
                .contains("compute capability 7.5, and run.engine = cuda runs on 8.0 and newer");
    }

    @Test
    void for_nd4j_leaves_out_what_is_too_new_for_it() throws Exception {
        Path path = NvidiaSmi.in(folder, "0, NVIDIA H100 PCIe, 9.0", "1, Tesla T4, 7.5", "2, Tesla K40, 3.5");
        Answer answer = ask(path, null, "nd4j-cuda");
        assertThat(answer.out()).contains("[\"1\"]");
        assertThat(answer.err())
                .contains("GPU 0 (NVIDIA H100 PCIe)")
                .contains("GPU 2 (Tesla K40)")
                .contains("run.engine = nd4j-cuda runs on 3.7 and 5.0 to 8.9");
        Answer unknown = ask(path, null, "opencl");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("FOCALDISTILL_ENGINE=opencl: cuda or nd4j-cuda");
    }

    @Test
    void fails_where_no_gpu_is_usable() throws Exception {
        Answer answer = ask(NvidiaSmi.in(folder, "0, Tesla T4, 7.5"), null);
        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.err()).contains("has no GPU that run.engine = cuda can use");
    }

    @Test
    void tells_an_executor_as_an_address_why_there_is_no_gpu_if_it_is_to() throws Exception {
        Path path = NvidiaSmi.in(folder, "0, Tesla T4, 7.5");
        Answer hidden = ask(path, "", null, "tell");
        assertThat(hidden.code()).isZero();
        assertThat(hidden.out())
                .containsPattern(
                        "^\\{\"name\": \"gpu\", \"addresses\": \\[\"none: CUDA_VISIBLE_DEVICES is set and empty,"
                                + " which hides all GPUs of [^\"]+\"]}\n$");
        assertThat(ask(path, null, null, "tell").out())
                .contains("\"none: ")
                .contains("has no GPU that run.engine = cuda");
        // As JSON has it, whatever a reason has in it.
        assertThat(ask(path, null, "a\"b\\c\nd", "tell").out())
                .contains("[\"none: FOCALDISTILL_ENGINE=a b c d: cuda or");
    }

    @Test
    void hands_out_only_what_cuda_visible_devices_names() throws Exception {
        Answer answer = ask(NvidiaSmi.in(folder, "0, RTX A4000, 8.6", "1, RTX A4000, 8.6", "2, RTX A4000, 8.6"), "1,2");
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
        return ask(path, visible, null);
    }

    private static Answer ask(Path path, @Nullable String visible, @Nullable String engine)
            throws IOException, InterruptedException {
        return ask(path, visible, engine, "");
    }

    private static Answer ask(Path path, @Nullable String visible, @Nullable String engine, String withoutGpu)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(StandaloneCluster.GPU_DISCOVERY.toString());
        builder.environment().put("PATH", path + ":" + System.getenv("PATH"));
        builder.environment().remove(GpuBinding.VISIBLE_DEVICES);
        if (visible != null) {
            builder.environment().put(GpuBinding.VISIBLE_DEVICES, visible);
        }
        builder.environment().put("FOCALDISTILL_NO_GPU", withoutGpu);
        builder.environment().remove("FOCALDISTILL_ENGINE");
        if (engine != null) {
            builder.environment().put("FOCALDISTILL_ENGINE", engine);
        }
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), out, err);
    }
}
