package org.focaldistill.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.data.GeneratedImages;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Make images to try the program with, where CIFAR is not at hand.",
        descriptionHeading = "%n",
        description = {
            "Draws shapes and textures of 100 classes, from a seed, and writes them as the CIFAR-100 binary archive"
                    + " unpacks. They are no photographs: every table and plot made from them says \"generated\".",
            ""
        },
        parameterListHeading = "Parameters:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  focaldistill generate images",
            "  focaldistill generate images --set generated.trainImages=20000",
            "Next: focaldistill prepare --from images"
        })
final class GenerateCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ConfigOptions configuration = new ConfigOptions();

    @Parameters(
            paramLabel = "FOLDER",
            converter = LocalPathConverter.class,
            description = "Where to; images made earlier there are replaced.")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Override
    public Integer call() throws IOException {
        FocalDistillConfig.Generated settings = configuration.load().generated();
        GeneratedImages.write(folder, settings.trainImages(), settings.testImages(), settings.seed());
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "%d training and %d test images, generated from seed %d, in %s%n",
                        settings.trainImages(),
                        settings.testImages(),
                        settings.seed(),
                        folder);
        return ExitCode.OK;
    }
}
