package org.focaldistill.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that can not be used. The message has a line for every problem found, written for its author. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    public ConfigException(List<String> problems) {
        super(problems.stream()
                .collect(Collectors.joining(
                        "\n  ",
                        problems.size() == 1
                                ? "The configuration has a problem:\n  "
                                : "The configuration has " + problems.size() + " problems:\n  ",
                        "")));
        this.problems = List.copyOf(problems);
    }

    /** One line a problem: path, position, what is wrong and what is allowed. */
    public List<String> problems() {
        return problems;
    }
}
