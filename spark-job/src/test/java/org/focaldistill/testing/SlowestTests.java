package org.focaldistill.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Prints which tests of a build took longest, at the end of its tests: what is slow is to be seen when it becomes so. */
public final class SlowestTests {
    private static final int SHOWN = 10;

    private SlowestTests() {}

    private record Timed(String name, double seconds) {
        static Timed of(Element testCase) {
            return new Timed(
                    simpleName(testCase.getAttribute("classname")) + "." + testCase.getAttribute("name"),
                    secondsOf(testCase));
        }
    }

    private static String simpleName(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    /** As Surefire writes it, 1,234.5 too. */
    private static double secondsOf(Element element) {
        return Double.parseDouble(element.getAttribute("time").replace(",", ""));
    }

    /**
     * Prints them.
     *
     * @param arguments the folder of Surefire's reports, and when the build began: older reports are of others
     */
    public static void main(String... arguments) throws IOException, ParserConfigurationException, SAXException {
        Instant began = Instant.parse(arguments[1]);
        List<Timed> tests = new ArrayList<>();
        Path folder = Path.of(arguments[0]);
        if (!Files.isDirectory(folder)) {
            return; // no test was run
        }
        try (Stream<Path> reports = Files.list(folder)) {
            for (Path report :
                    reports.filter(file -> file.toString().endsWith(".xml")).toList()) {
                if (!Files.getLastModifiedTime(report).toInstant().isBefore(began)) {
                    tests.addAll(of(report));
                }
            }
        }
        System.out.printf(Locale.ROOT, "The %d slowest tests, in seconds:%n", Math.min(SHOWN, tests.size()));
        tests.stream()
                .sorted(Comparator.comparingDouble(Timed::seconds).reversed())
                .limit(SHOWN)
                .forEach(test -> System.out.printf(Locale.ROOT, "%7.1f  %s%n", test.seconds(), test.name()));
    }

    /** Those of a class, and what it makes before them. */
    private static List<Timed> of(Path report) throws IOException, ParserConfigurationException, SAXException {
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getDocumentElement();
        NodeList cases = suite.getElementsByTagName("testcase");
        List<Timed> tests = new ArrayList<>();
        double left = secondsOf(suite);
        for (int i = 0; i < cases.getLength(); i++) {
            Timed test = Timed.of((Element) cases.item(i));
            tests.add(test);
            left -= test.seconds();
        }
        tests.add(new Timed(simpleName(suite.getAttribute("name")) + ", before its tests", left));
        return tests;
    }
}
