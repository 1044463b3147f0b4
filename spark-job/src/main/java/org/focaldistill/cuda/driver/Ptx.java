package org.focaldistill.cuda.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kernels as nvcc wrote them down for any card.
 *
 * @param name of the file, for messages
 * @param text PTX
 * @param kernels the sizes in bytes of each kernel's arguments, by its name
 */
public record Ptx(String name, String text, Map<String, List<Integer>> kernels) {
    private static final Pattern ENTRY = Pattern.compile("\\.entry (\\w+)\\(([^)]*)\\)");
    private static final Pattern ARGUMENT = Pattern.compile("\\.param \\.([usfb])(32|64) \\w+");

    /** Reads what is beside a class: {@code loss.ptx}. */
    public static Ptx resource(Class<?> beside, String name) {
        try (InputStream file = beside.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalArgumentException("There is no " + name + " beside " + beside);
            }
            return parse(name, new String(file.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Ptx parse(String name, String text) {
        Map<String, List<Integer>> kernels = new TreeMap<>();
        Matcher entry = ENTRY.matcher(text);
        while (entry.find()) {
            kernels.put(entry.group(1), sizes(entry.group(1), entry.group(2)));
        }
        return new Ptx(name, text, Map.copyOf(kernels));
    }

    private static List<Integer> sizes(String kernel, String arguments) {
        List<Integer> sizes = new ArrayList<>();
        for (String argument : arguments.isBlank() ? new String[0] : arguments.split(",")) {
            Matcher number = ARGUMENT.matcher(argument);
            if (!number.find()) {
                throw new IllegalArgumentException(
                        "Kernels take addresses and numbers of 4 or 8 bytes, " + kernel + " has" + argument);
            }
            sizes.add(Integer.parseInt(number.group(2)) / Byte.SIZE);
        }
        return List.copyOf(sizes);
    }
}
