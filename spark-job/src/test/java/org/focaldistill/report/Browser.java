package org.focaldistill.report;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real browser without a window: the program that {@code FOCALDISTILL_BROWSER} names, which must work, or a Chromium
 * of this machine; without any the test is skipped.
 */
final class Browser {
    private static final String VARIABLE = "FOCALDISTILL_BROWSER";
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final Pattern CONSOLE = Pattern.compile(".*:CONSOLE[:(].*");

    private final String program;

    private Browser(String program) {
        this.program = program;
    }

    static Browser find() {
        Optional<String> found = Optional.ofNullable(System.getenv(VARIABLE))
                .or(() -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                        .filter(Files::isExecutable)
                        .map(Path::toString)
                        .findFirst());
        Assumptions.assumeTrue(found.isPresent(), "There is no Chromium on the PATH, and " + VARIABLE + " names none");
        return new Browser(found.orElseThrow());
    }

    /**
     * What came of a page.
     *
     * @param dom the outer document after the page's scripts ran
     * @param complaints what the browser wrote to its console
     */
    record Visit(String dom, List<String> complaints) {

        /** What the script returned under a name. */
        String told(String name) {
            Matcher found = Pattern.compile("data-" + name + "=\"([^\"]*)\"").matcher(dom);
            if (!found.find()) {
                throw new AssertionError(
                        "The page told no " + name + ":\n" + dom.substring(0, Math.min(2000, dom.length())));
            }
            return found.group(1);
        }
    }

    /**
     * Opens a copy of a page in a frame, since a window of this browser can not be as narrow as a phone.
     *
     * @param script a function's body, run at the page's end; what it returns becomes attributes of the outer body
     */
    Visit visit(Path page, int width, String script) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(page.getParent(), "visit");
        String told = "<script>parent.postMessage((function () {" + script + "})() || {}, \"*\");</script></body>";
        Files.writeString(folder.resolve("page.html"), Files.readString(page).replace("</body>", told));
        Path frame = folder.resolve("frame.html");
        Files.writeString(frame, """
                <!DOCTYPE html><html><body><script>
                addEventListener("message", function (told) {
                  Object.keys(told.data).forEach(function (name) {
                    document.body.setAttribute("data-" + name, told.data[name]);
                  });
                });
                </script><iframe src="page.html" style="border: 0" width="WIDTH" height="900"></iframe></body></html>
                """.replace("WIDTH", Integer.toString(width)));
        Path dom = folder.resolve("dom.html");
        Path log = folder.resolve("log.txt");
        Process process = new ProcessBuilder(
                        program,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--window-size=1400,1000",
                        "--enable-logging=stderr",
                        "--virtual-time-budget=2000",
                        "--dump-dom",
                        frame.toUri().toString())
                .redirectOutput(dom.toFile())
                .redirectError(log.toFile())
                .start();
        if (!process.waitFor(90, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("The browser did not end: " + Files.readString(log));
        }
        String text = Files.readString(dom, StandardCharsets.UTF_8);
        if (process.exitValue() != 0 || text.isBlank()) {
            throw new AssertionError("The browser ended with " + process.exitValue() + ": " + Files.readString(log));
        }
        return new Visit(
                text,
                Files.readString(log, StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> CONSOLE.matcher(line).matches())
                        .toList());
    }
}
