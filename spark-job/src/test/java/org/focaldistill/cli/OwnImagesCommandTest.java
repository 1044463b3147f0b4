package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.ImageSet;
import org.focaldistill.store.DataSetIndex;
import org.focaldistill.store.ShardStore;
import org.focaldistill.store.Split;
import org.focaldistill.testing.ImageFiles;
import org.focaldistill.testing.OnnxSession;
import org.focaldistill.weights.Safetensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From files of a user's own to a report. */
class OwnImagesCommandTest {
    private static final String CONFIG = """
            focaldistill {
              paths.root = "%s"
              data { format = %s, validation = 6 }
              teachers { small { model = resnet8 } }
              teacher.train = true
              sweep {
                pairs = [{ teacher = small, student = resnet8 }]
                alpha = [0.5]
                gamma = [0]
                baselines = []
                references = []
              }
              recipe { epochs = 1, batchSize = 8 }
            }
            """;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path config;

    @BeforeEach
    void write_files() throws IOException {
        config = Files.writeString(folder.resolve("my.conf"), CONFIG.formatted(folder, "folder"));
        ImageFiles.writeClasses(folder.resolve("colours"), 10, 32, 32);
    }

    @Test
    void a_folder_of_classes_is_prepared_taught_swept_reported_and_exported() throws Exception {
        assertThat(prepare()).as("%s", err).isZero();
        assertThat(out.toString())
                .contains("colours: 24 training and 6 test images of 3 classes in ")
                .contains("32 x 32 pixels; red, green and blue of the training images have the means [0.2")
                .contains("Training and test images: blue 8 + 2, green 8 + 2, red 8 + 2")
                .doesNotContain("WARNING");
        Program sweep = Program.start(folder, "sweep", "-c", config.toString());
        assertThat(sweep.exitCode()).as(sweep.output()).isZero();
        assertThat(sweep.output()).contains("images: colours, 24 for training (6 held out), 6 for testing");
        assertThat(run("report", "-c", config.toString())).isZero();
        assertThat(folder.resolve("results/report/report.html")).content().contains("small to resnet8 on colours");

        String student = student();
        assertThat(run("evaluate", student, "-c", config.toString())).isZero();
        Path teacher = folder.resolve("imported.safetensors");
        assertThat(run("import", "--from", student, "--model", "resnet8", "--to", teacher + "", "-c", config + ""))
                .isZero();
        assertThat(Safetensors.parse(Files.readAllBytes(teacher), "imported")
                        .metadata()
                        .get("images"))
                .startsWith("32 x 32, mean [0.2");
        Path onnx = folder.resolve("student.onnx");
        assertThat(run("export", "--student", student, "--to", onnx.toString(), "--raw-pixels"))
                .isZero();
        try (OnnxSession session = new OnnxSession(Files.readAllBytes(onnx))) {
            assertThat(session.metadata().get("images")).startsWith("32 x 32, mean [0.2");
        }
    }

    @Test
    @Tag("slow")
    void cifar_10_goes_the_same_way() throws Exception {
        config = Files.writeString(folder.resolve("ten.conf"), CONFIG.formatted(folder, "cifar10"));
        Path archive = cifar10();
        assertThat(run("prepare", "-c", config.toString(), "--from", archive.toString()))
                .as("%s", err)
                .isZero();
        assertThat(out.toString()).contains("generated: 50 training and 20 test images of 10 classes");
        Program sweep = Program.start(folder, "sweep", "-c", config.toString());
        assertThat(sweep.exitCode()).as(sweep.output()).isZero();
        assertThat(sweep.output()).contains("images: generated, 50 for training (6 held out), 20 for testing");
        assertThat(run("report", "-c", config.toString())).isZero();
        assertThat(folder.resolve("results/report/report.html")).content().contains("small to resnet8 on generated");
    }

    /** With generated images in place of photographs, ten or twenty a file. */
    private Path cifar10() throws IOException {
        Path archive = Files.createDirectory(folder.resolve("cifar-10-batches-bin"));
        ImageSet images = GeneratedImages.generate(70, 1, 1).train();
        for (int file = 0; file < 6; file++) {
            ByteArrayOutputStream records = new ByteArrayOutputStream();
            for (int i = 10 * file; i < 10 * file + (file < 5 ? 10 : 20); i++) {
                records.write(i % 10);
                records.write(images.pixels(), i * images.imageBytes(), images.imageBytes());
            }
            String name = file < 5 ? "data_batch_" + (file + 1) + ".bin" : "test_batch.bin";
            Files.write(archive.resolve(name), records.toByteArray());
        }
        Files.writeString(archive.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
        Files.writeString(archive.resolve("GENERATED.txt"), "train=50\ntest=20\nseed=1\n");
        return archive;
    }

    @Test
    void images_of_another_size_are_refused_or_resized_as_asked_and_nothing_is_written_before() throws IOException {
        assertThat(prepare("--set", "data.imageSize=64")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .contains(
                        "30 of 30 images are not 64 x 64 pixels (columns x rows), the first is blue/image0.png with 32"
                                + " x 32; set data.resize = scale-and-crop or stretch, or another data.imageSize")
                .doesNotContain("\tat ");
        assertThat(folder.resolve("data")).doesNotExist();
        assertThat(prepare("--set", "data.imageSize=64", "--set", "data.resize=stretch", "--set", "data.name=mine"))
                .isZero();
        ShardStore store = new ShardStore(
                new Configuration(),
                new org.apache.hadoop.fs.Path(folder.resolve("data").toUri()));
        DataSetIndex index = store.index();
        assertThat(index.name()).isEqualTo("mine");
        assertThat(index.classNames()).containsExactly("blue", "green", "red");
        assertThat(store.read(Split.TEST).side()).isEqualTo(64);
        // Other images, in the same place.
        assertThat(prepare()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("holds other images: their hash is " + index.hash());
    }

    @Test
    void a_parquet_table_is_read_with_columns_of_any_name() throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType(
                "message m { required binary photo; required binary animal (STRING); }");
        Path file = folder.resolve("animals.parquet");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
                .withType(schema)
                .build()) {
            for (int i = 0; i < 20; i++) {
                Group row = new SimpleGroup(schema);
                row.add("photo", Binary.fromConstantByteArray(ImageFiles.noisy(40, 32, 0x808080, i)));
                row.add("animal", i % 2 == 0 ? "newt" : "cat");
                writer.write(row);
            }
        }
        String[] arguments = {
            "prepare", "-c", config.toString(), "--from", file.toString(), "--set", "data.format=parquet"
        };
        assertThat(run(arguments)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .contains("animals.parquet has no column image (data.imageColumn); it has photo, animal");
        String[] columns = {"--set", "data.imageColumn=photo", "--set", "data.labelColumn=animal"};
        assertThat(run(joined(arguments, columns))).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("the first is animals.parquet, row 1 with 40 x 32");
        assertThat(run(joined(arguments, joined(columns, "--set", "data.resize=scale-and-crop"))))
                .isZero();
        assertThat(out.toString())
                .contains("animals.parquet: 16 training and 4 test images of 2 classes")
                .contains("Training and test images: cat 8 + 2, newt 8 + 2");
    }

    private static String[] joined(String[] first, String... then) {
        return Stream.of(first, then).flatMap(Stream::of).toArray(String[]::new);
    }

    @Test
    void files_that_can_not_be_read_are_named_and_duplicates_told() throws IOException {
        Path copied = folder.resolve("colours/red/image3.png");
        for (int i = 4; i < 10; i++) {
            Files.copy(copied, folder.resolve("colours/red/image" + i + ".png"), StandardCopyOption.REPLACE_EXISTING);
        }
        for (int i = 0; i < 3; i++) {
            Files.delete(folder.resolve("colours/red/image" + i + ".png"));
        }
        Files.writeString(folder.resolve("colours/green/readme.txt"), "mine");
        assertThat(prepare()).isZero();
        assertThat(out.toString())
                .contains("WARNING: 1 of 5 test images are training images, too, pixel by pixel")
                .contains(
                        "WARNING: 1 file without the ending .png, .jpg or .jpeg: not read, the first is green/readme.txt");
        Files.writeString(folder.resolve("colours/blue/broken.jpg"), "no image");
        assertThat(prepare()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .contains("1 of 28 images can not be read; mend them or take them away:")
                .contains("  blue/broken.jpg: it is no PNG or JPEG");
    }

    @Test
    void one_s_own_images_have_no_official_place_and_none_in_the_web() {
        assertThat(run("prepare", "-c", config.toString())).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .contains("data.format = folder needs --from, or data.source: a folder or file of yours");
        assertThat(run("prepare", "-c", config.toString(), "--from", "https://example.org/x"))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("not the web address https://example.org/x");
        assertThat(run("sweep", "--dry-run", "-c", config.toString())).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("Run 'focaldistill prepare' first");
    }

    private int prepare(String... more) {
        String[] arguments = {
            "prepare",
            "-c",
            config.toString(),
            "--from",
            folder.resolve("colours").toString()
        };
        return run(joined(arguments, more));
    }

    private String student() throws IOException {
        try (var students = Files.list(folder.resolve("results/students"))) {
            return students.filter(file -> file.toString().endsWith(".safetensors"))
                    .findFirst()
                    .orElseThrow()
                    .toString();
        }
    }

    private int run(String... arguments) {
        return FocalDistill.run(new PrintWriter(out), new PrintWriter(err), arguments);
    }
}
