package org.focaldistill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The project's texts for people, which refer to each other and to its files. */
class DocumentLinksTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]*)(?:#([^)]+))?\\)");
    private static final Pattern INCLUDED = Pattern.compile("<include>(.+)</include>");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    static List<Path> documents() throws IOException {
        try (Stream<Path> folders = Stream.of("", "conf", "submit-scripts", "notebooks", "spark-job")
                .map(ROOT::resolve)) {
            return folders.flatMap(DocumentLinksTest::documentsIn).toList();
        }
    }

    private static Stream<Path> documentsIn(Path folder) {
        return Stream.of("README.md", "MEASURED.md").map(folder::resolve).filter(Files::exists);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void every_link_goes_to_a_file_and_a_heading_that_are_there(Path document) throws IOException {
        String text = Files.readString(document);
        List<MatchResult> links = LINK.matcher(text).results().toList();
        assertThat(links).isNotEmpty();
        for (MatchResult link : links) {
            Path target = link.group(1).isEmpty()
                    ? document
                    : document.resolveSibling(link.group(1)).normalize();
            assertThat(target).exists().startsWith(ROOT);
            assertThat(isReleased(ROOT.relativize(target)))
                    .as("a release has %s", target)
                    .isTrue();
            if (link.group(2) != null) {
                assertThat(anchors(target)).as("headings of %s", target).contains(link.group(2));
            }
        }
    }

    /** A folder is there if all that may be in it is. */
    private static boolean isReleased(Path path) throws IOException {
        String assembly = Files.readString(Path.of("src", "main", "assembly", "dist.xml"));
        Path file = Files.isDirectory(ROOT.resolve(path)) ? path.resolve("any") : path;
        return INCLUDED.matcher(assembly)
                .results()
                .anyMatch(include -> FileSystems.getDefault()
                        .getPathMatcher("glob:" + include.group(1))
                        .matches(file));
    }

    /** As the usual forges make them of headings. */
    private static List<String> anchors(Path document) throws IOException {
        return HEADING.matcher(Files.readString(document))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }
}
