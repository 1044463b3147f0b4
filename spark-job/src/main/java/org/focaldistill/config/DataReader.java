package org.focaldistill.config;

import com.typesafe.config.ConfigValue;
import java.util.Locale;
import java.util.function.DoublePredicate;
import org.focaldistill.config.FocalDistillConfig.Data;
import org.focaldistill.config.FocalDistillConfig.OwnData;
import org.focaldistill.data.ArchiveFormat;
import org.focaldistill.data.ImageDataSet;
import org.focaldistill.data.own.OwnImages;
import org.focaldistill.data.own.Resize;
import org.jspecify.annotations.Nullable;

/** Reads {@code data}. */
final class DataReader {
    private static final String OFFICIAL = "official";
    private static final String NONE = "none";
    private static final DoublePredicate PART = part -> part > 0 && part < 1;

    private DataReader() {}

    static Data read(Section section) {
        DataFormat format = section.get("format", Kind.choice(DataFormat.class), DataFormat.CIFAR100);
        Data data = new Data(
                source(section, format.archive()),
                format,
                md5(section, format.archive()),
                own(section, format.archive()),
                section.get("trainImages", Kind.count(0), 0),
                section.get("validation", Kind.count(0), 0),
                section.get("testImages", Kind.count(0), 0),
                section.get("imagesPerShard", Kind.count(1), 1));
        section.finish();
        return data;
    }

    private static @Nullable String source(Section section, @Nullable ArchiveFormat archive) {
        String source = section.get("source", Kind.location("\"official\", a URL, a file or a folder"), OFFICIAL);
        if (!source.equals(OFFICIAL)) {
            return source;
        }
        return archive == null ? null : archive.officialUrl();
    }

    private static @Nullable String md5(Section section, @Nullable ArchiveFormat archive) {
        String md5 = section.get(
                "md5",
                Kind.text(
                        "\"official\", \"none\" or 32 hexadecimal digits",
                        text -> text.equals(OFFICIAL) || text.equals(NONE) || text.matches("[0-9a-fA-F]{32}")),
                NONE);
        return switch (md5) {
            case OFFICIAL -> archive == null ? null : archive.officialMd5();
            case NONE -> null;
            default -> md5.toLowerCase(Locale.ROOT);
        };
    }

    private static OwnData own(Section section, @Nullable ArchiveFormat archive) {
        int side = section.get("imageSize", DataReader::size, ArchiveFormat.SIDE);
        if (archive != null && side != ArchiveFormat.SIDE) {
            section.problem(
                    "imageSize",
                    "must be " + ArchiveFormat.SIDE + " with data.format = " + archive.datasetName()
                            + ", whose images have that size");
        }
        Resize resize = section.get("resize", Kind.choice(Resize.class), Resize.REFUSE);
        double testPart = section.get("testPart", Kind.number("a number above 0 and below 1", PART), 0.5);
        long seed = section.get("splitSeed", Kind.wholeNumber(0, Long.MAX_VALUE), 0L);
        Kind<String> name = Kind.text(
                "a name without control characters, and not " + ImageDataSet.GENERATED,
                text -> text.matches("[^\\p{Cntrl}]*\\S[^\\p{Cntrl}]*") && !text.equals(ImageDataSet.GENERATED));
        return new OwnData(
                section.has("name") ? section.get("name", name, "") : null,
                new OwnImages.Settings(side, resize, testPart, seed),
                section.get("imageColumn", Kind.text("the name of a column"), ""),
                section.get("labelColumn", Kind.text("the name of a column"), ""));
    }

    private static int size(ConfigValue value) {
        int size = Kind.count(1).read(value);
        if (size != 32 && size != 64 && size != 96) {
            throw Kind.refused("one of 32, 64, 96", value);
        }
        return size;
    }
}
