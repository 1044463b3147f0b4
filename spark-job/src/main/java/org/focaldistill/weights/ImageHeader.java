package org.focaldistill.weights;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.focaldistill.net.ImageInput;
import org.focaldistill.net.Normalisation;
import org.jspecify.annotations.Nullable;

/**
 * What a model file's header says of the images its network sees, in the entry {@code images}. One without it is for images
 * like CIFAR's.
 */
public final class ImageHeader {
    private static final String ENTRY = "images";
    private static final Pattern INPUT =
            Pattern.compile("(\\d{1,4}) x \\1, mean \\[([^\\]]*)\\], deviation \\[([^\\]]*)\\]");

    private ImageHeader() {}

    /** The header's entries: none for images like CIFAR's. */
    public static Map<String, String> of(ImageInput images) {
        return images.equals(ImageInput.CIFAR) ? Map.of() : Map.of(ENTRY, images.toString());
    }

    /**
     * What a header says.
     *
     * @param name what to call the file in messages
     * @throws InvalidModelException if it says what can not be
     */
    public static ImageInput read(Map<String, String> header, String name) throws InvalidModelException {
        String entry = header.get(ENTRY);
        if (entry == null) {
            return ImageInput.CIFAR;
        }
        Matcher input = INPUT.matcher(entry);
        try {
            if (input.matches()) {
                return new ImageInput(
                        Integer.parseInt(input.group(1)),
                        new Normalisation(numbers(input.group(2)), numbers(input.group(3))));
            }
        } catch (IllegalArgumentException e) { // NumberFormatException is one
            throw invalid(entry, name, e);
        }
        throw invalid(entry, name, null);
    }

    private static List<Double> numbers(String text) {
        return Arrays.stream(text.split(", ", -1)).map(Double::valueOf).toList();
    }

    private static InvalidModelException invalid(String entry, String name, @Nullable Throwable cause) {
        InvalidModelException invalid = new InvalidModelException("The model file " + name + " says of its images '"
                + entry + "', which is no size with means and deviations");
        invalid.initCause(cause);
        return invalid;
    }
}
