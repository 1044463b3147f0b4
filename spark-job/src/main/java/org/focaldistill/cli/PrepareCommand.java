package org.focaldistill.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.data.ArchiveFormat;
import org.focaldistill.data.CifarArchive;
import org.focaldistill.data.ImageDataSet;
import org.focaldistill.data.own.OwnImages;
import org.focaldistill.store.DataSetIndex;
import org.focaldistill.store.ShardStore;
import org.focaldistill.text.Locations;
import org.focaldistill.text.Secrets;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Turn a CIFAR archive, or your own images, into the shards that training reads.",
        descriptionHeading = "%n",
        description = {
            "Reads the binary archive of CIFAR-100 (or CIFAR-10: data.format), checks its checksum, sizes and labels,"
                    + " and writes Parquet shards and an index to paths.data, on any Hadoop file system. Nothing is"
                    + " written unless all of it is right; running it again does nothing.",
            "",
            "Your own images: data.format = folder reads a folder of PNG and JPEG files for each class, parquet a table"
                    + " with an image and a label in each row, both of any Hadoop file system, to squares of"
                    + " data.imageSize; \"focaldistill config\" has what else can be set.",
            "",
            "Without --from and data.source the official archive is downloaded (161 MB), through the proxy that"
                    + " https_proxy, http_proxy or all_proxy names, unless no_proxy lists the address.",
            ""
        },
        optionListHeading = "Options:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  From the folder the archive unpacks to:",
            "    focaldistill prepare --from cifar-100-binary",
            "  To a cluster:",
            "    focaldistill prepare --set paths.data=hdfs://namenode/cifar100",
            "  From folders pets/cat, pets/dog and so on, one part in five for testing:",
            "    focaldistill prepare --from pets --set data.format=folder",
            "  Images of the program's own, to try it offline:",
            "    focaldistill generate images && focaldistill prepare --from images"
        })
final class PrepareCommand implements Callable<Integer> {
    private static final long MB = 1_000_000;
    private static final long TELL_EACH = 20 * MB;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ConfigOptions configuration = new ConfigOptions();

    @Option(
            names = "--from",
            paramLabel = "SOURCE",
            description =
                    "The .tar.gz, the folder it unpacks to, or an http(s) address; with data.format = folder or parquet,"
                            + " your own folder or file. Instead of data.source.")
    private @Nullable String from;

    @Override
    public Integer call() throws IOException {
        FocalDistillConfig config = configuration.load();
        PrintWriter out = spec.commandLine().getOut();
        Configuration hadoop = HadoopSettings.configuration();
        ShardStore shards = new ShardStore(hadoop, new Path(config.paths().data()));
        ArchiveFormat archive = config.data().format().archive();
        if (archive == null) {
            OwnImagesReader own = new OwnImagesReader(config.data(), hadoop, out);
            OwnImages.Made made = own.read(ownSource(config));
            print(shards.write(made.data(), config.data().imagesPerShard()), config, out);
            own.print(made, config.data().validation());
            return ExitCode.OK;
        }
        String source = source(config);
        DataSetIndex index = prepared(shards, archive, source);
        if (index == null) {
            out.println("Reading " + Secrets.hidden(source));
            out.flush();
            index = shards.write(
                    read(config.data(), archive, source, out), config.data().imagesPerShard());
        }
        print(index, config, out);
        return ExitCode.OK;
    }

    private static void print(DataSetIndex index, FocalDistillConfig config, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%s: %d training and %d test images of %d classes in %s (%s, hash %.12s)%n",
                index.name(),
                index.trainImages(),
                index.testImages(),
                index.classes(),
                config.paths().data(),
                Words.count(index.shards().size(), "shard"),
                index.hash());
    }

    /** A location on any file system. */
    private String ownSource(FocalDistillConfig config) {
        String source = from == null ? config.data().source() : from;
        if (source == null || Locations.isWeb(source)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "data.format = " + Words.of(config.data().format())
                            + " needs --from, or data.source: a folder or file"
                            + " of yours"
                            + (source == null ? "" : ", not the web address " + Secrets.hidden(source)));
        }
        try {
            return Locations.read(source);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), (from == null ? "data.source " : "--from ") + e.getMessage(), e);
        }
    }

    /** The address, or a path of this machine. */
    private String source(FocalDistillConfig config) {
        String source = Objects.requireNonNull(from == null ? config.data().source() : from);
        if (Locations.isWeb(source)) {
            return source;
        }
        try {
            return Locations.onThisMachine(source);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), (from == null ? "data.source " : "--from ") + e.getMessage(), e);
        }
    }

    /** The official images, if they are there; they need not be downloaded to see that they are the same. */
    private static @Nullable DataSetIndex prepared(ShardStore shards, ArchiveFormat format, String source)
            throws IOException {
        if (!source.equals(format.officialUrl()) || !shards.isPrepared()) {
            return null;
        }
        DataSetIndex index = shards.index();
        boolean official = !index.generated()
                && index.name().equals(format.datasetName())
                && index.trainImages() == format.officialTrainImages()
                && index.testImages() == format.officialTestImages();
        return official ? index : null;
    }

    private static ImageDataSet read(
            FocalDistillConfig.Data data, ArchiveFormat archive, String source, PrintWriter out) throws IOException {
        long[] told = {0};
        try {
            return new CifarArchive(archive)
                    .withMd5(data.md5())
                    .withProgress((bytes, total) -> {
                        if (bytes - told[0] >= TELL_EACH) {
                            told[0] = bytes;
                            out.printf(
                                    Locale.ROOT,
                                    "downloaded %d MB%s%n",
                                    bytes / MB,
                                    total < 0 ? "" : " of " + total / MB);
                            out.flush();
                        }
                    })
                    .read(source);
        } catch (IOException e) {
            if (Locations.isWeb(source)) {
                throw new IOException(
                        Words.reason(e) + System.lineSeparator()
                                + "With the archive on this machine: focaldistill prepare --from "
                                + archive.folderName()
                                + System.lineSeparator()
                                + "Without it, images of the program's own: focaldistill generate images, then"
                                + " focaldistill prepare --from images",
                        e);
            }
            throw e;
        }
    }
}
