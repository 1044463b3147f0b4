package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.report.study.PublishedStudy;
import org.focaldistill.store.ResultStore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page, as written and as a real browser shows it. */
@Tag("slow")
class PageTest {
    @TempDir
    private static Path directory;

    private static ResultStore store(String name) throws IOException {
        return new ResultStore(
                new Configuration(),
                new org.apache.hadoop.fs.Path(directory.resolve(name).toUri()));
    }

    /** Written once for all tests, which only read it. */
    private static Path page(int seeds, double alphaEffect) throws IOException {
        String name = "sweep-" + seeds + "-" + alphaEffect;
        Path folder = directory.resolve(name + "-report");
        if (Files.exists(folder)) {
            return folder.resolve("report.html");
        }
        SampleSweep.write(store(name), seeds, alphaEffect);
        Report.of(store(name), null)
                .write(
                        new Configuration(),
                        new org.apache.hadoop.fs.Path(folder.toUri()),
                        "focaldistill report --set 'a=<b>'",
                        new PublishedStudy());
        return folder.resolve("report.html");
    }

    private static String verdict(int seeds, double alphaEffect) throws IOException {
        String html = Files.readString(page(seeds, alphaEffect));
        int start = html.indexOf("<p class=\"verdict\">") + "<p class=\"verdict\">".length();
        return html.substring(start, html.indexOf("</p>", start));
    }

    @Test
    void saysWhatCanBeSaidWhereThereIsAnEffect() throws IOException {
        assertThat(verdict(5, 0.2))
                .startsWith(
                        "With 5 seeds (data order and initial weights), 8 of 10 cells have a better test CE than the baseline (alpha 0, beta 1, gamma 0)"
                                + " beyond noise and 8 of 10 cells have a better top-1")
                .contains("gamma does not visibly move test CE (p = ")
                .contains("are too small for this sweep to find");
    }

    @Test
    void saysThatThereIsNothingBeyondNoiseWhereThereIsNone() throws IOException {
        assertThat(verdict(3, 0))
                .startsWith(
                        "With 3 seeds (data order and initial weights), none of 10 cells differs from the baseline (alpha 0, beta 1, gamma 0) in test CE"
                                + " by more than noise and none of 10 cells differs");
    }

    @Test
    void saysThatOneSeedSaysNothing() throws IOException {
        assertThat(verdict(1, 0.2)).startsWith("With one seed nothing can be said about single cells");
    }

    @Test
    void holdsEverythingAndEscapesIt() throws IOException {
        String html = Files.readString(page(3, 0.2));

        assertThat(html)
                .contains("IOException: &lt;script&gt;alert(&#x27;no&#x27;)&lt;/script&gt; &amp; &quot;quotes&quot;")
                .contains("focaldistill report --set &#x27;a=&lt;b&gt;&#x27;")
                .doesNotContain("<script>alert", "worker-<1>");
        assertThat(html)
                .contains(
                        "train total loss", "test ECE (%)", "test CE, which is the NLL", "alpha 0.5, beta 0.5, gamma 0")
                .contains("the yardstick&#x27;s part", "what was learned", "dL/dgamma = F")
                .contains("resnet110 → resnet20", "71.77", "not run")
                .contains("training CE by epoch", "Reliability: alpha 0, beta 1, gamma 0")
                .contains("Accuracy against calibration error", "Loss components as gamma grows")
                .contains("CE was NaN at step 1200", "First negative total at step 17", "Without a result yet: 1 of")
                .contains("recipe.learningRate=0.05", "native, onednn");
        assertThat(found("<section id=\"([^\"]*)\">", html))
                .containsExactly("panel-0", "trade-offs", "surfaces", "study", "failed", "settings")
                .isEqualTo(found("<li><a href=\"#([^\"]*)\">", html));
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void loadsNothing() throws IOException {
        String html = Files.readString(page(3, 0.2));

        assertThat(html.replaceAll("xmlns(:[a-z]+)?=(\"[^\"]*\"|'[^']*')", ""))
                .doesNotContain("http://", "https://", "src=", "@import", "<link", "\"NaN");
        assertThat(html).contains("default-src &#x27;none&#x27;");
    }

    @Test
    void writesEveryPictureAndTheDifferences() throws IOException {
        Path folder = page(3, 0.2).getParent();

        assertThat(folder.resolve("differences.csv"))
                .content()
                .hasLineCount(1 + 3 * 10)
                .contains(
                        "\"resnet56 to resnet20 on cifar100\",\"test CE\",\"alpha 0, beta 1, gamma 0\",0.1,0.9,0.01,3,");
        assertThat(folder.resolve("report.md"))
                .content()
                .contains("## What can be said", "| 0.1 / 0.9 / 0.01 | 3 |", "| resnet56 → resnet20 | 71.63 | 72.34 |");
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).toList();
            assertThat(names)
                    .contains(
                            "chart-1-resnet56-resnet20-learned.svg",
                            "chart-1-resnet56-resnet20-course-val-top1.png",
                            "chart-1-resnet56-resnet20-reliability-0.png",
                            "heatmap-1-resnet56-resnet20-test-common.png");
        }
    }

    @Test
    void runsInABrowserWithoutErrorsAndShowsTips() throws Exception {
        Browser browser = Browser.find();
        Path page = page(3, 0.2);
        List<String> tips = new ArrayList<>();
        for (String width : List.of("1280", "390")) {
            Browser.Visit visit = browser.visit(page, Integer.parseInt(width), """
                    var area = document.querySelector("rect.tip");
                    area.dispatchEvent(new PointerEvent("pointerover", {bubbles: true, clientX: 50, clientY: 50}));
                    return {
                      tip: document.getElementById("tip").textContent,
                      tips: document.querySelectorAll("rect.tip").length,
                      wide: document.documentElement.clientWidth,
                      beyond: document.documentElement.scrollWidth - document.documentElement.clientWidth,
                      loaded: performance.getEntriesByType("resource").length
                    };
                    """);

            assertThat(visit.complaints()).isEmpty();
            tips.add(visit.told("tip"));
            assertThat(Integer.parseInt(visit.told("tips"))).isGreaterThan(100);
            assertThat(Integer.parseInt(visit.told("wide")))
                    .isBetween(Integer.parseInt(width) - 20, Integer.parseInt(width));
            assertThat(visit.told("beyond")).isEqualTo("0");
            assertThat(visit.told("loaded")).isEqualTo("0");
        }
        assertThat(tips).allSatisfy(tip -> assertThat(tip).contains("alpha 0, beta 1, gamma 0", "test top-1 (%)"));
    }

    @Test
    void noticesAScriptErrorAndAForeignResource() throws Exception {
        Browser browser = Browser.find();
        String good = Files.readString(page(1, 0));
        Path broken = directory.resolve("broken.html");
        Files.writeString(
                broken, good.replace("document.getElementById(\"tip\")", "document.getElementById(\"tip\").none.here"));
        Path foreign = directory.resolve("foreign.html");
        Files.writeString(foreign, good.replace("</h1>", "</h1><img src=\"http://127.0.0.1:9/x.png\">"));

        assertThat(browser.visit(broken, 1280, "").complaints())
                .anySatisfy(line -> assertThat(line).contains("TypeError"));
        assertThat(browser.visit(foreign, 1280, "").complaints())
                .anySatisfy(line -> assertThat(line).contains("Content Security Policy"));
    }
}
