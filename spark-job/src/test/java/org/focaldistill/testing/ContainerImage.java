package org.focaldistill.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What submit-scripts/kubernetes/Dockerfile says of an image, without what RUN does.
 *
 * @param copies from a file or folder of the project to one of the image
 * @param entrypoint the program and its first arguments
 */
public record ContainerImage(Map<Path, Path> copies, Map<String, String> environment, List<String> entrypoint) {
    private static final Pattern INSTRUCTION = Pattern.compile("(?m)^(COPY|ENV|ENTRYPOINT) (.*)$");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

    /** Reads it. */
    public static ContainerImage of(Path dockerfile) throws IOException {
        Map<Path, Path> copies = new HashMap<>();
        Map<String, String> environment = new HashMap<>();
        List<String> entrypoint = new ArrayList<>();
        Matcher instruction = INSTRUCTION.matcher(Files.readString(dockerfile, StandardCharsets.UTF_8));
        while (instruction.find()) {
            String rest = instruction.group(2);
            switch (instruction.group(1)) {
                case "COPY" -> copies.put(Path.of(rest.split(" ")[0]), Path.of(rest.split(" ")[1]));
                case "ENV" -> environment.put(rest.split("=", 2)[0], rest.split("=", 2)[1]);
                default ->
                    entrypoint.addAll(QUOTED.matcher(rest)
                            .results()
                            .map(word -> word.group(1))
                            .toList());
            }
        }
        return new ContainerImage(copies, environment, entrypoint);
    }

    /** Puts its files under a folder, as the image's root. */
    public void build(Path project, Path root) throws IOException {
        for (Map.Entry<Path, Path> copy : copies.entrySet()) {
            BuiltProject.copy(
                    project.resolve(copy.getKey()), root.resolve(Path.of("/").relativize(copy.getValue())));
        }
    }

    /** The folder of the image's root that all its files are in. */
    Path top() {
        Path first = Path.of(entrypoint.get(0));
        return Path.of("/").resolve(first.subpath(0, 2));
    }
}
