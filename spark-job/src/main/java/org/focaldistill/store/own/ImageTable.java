package org.focaldistill.store.own;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.focaldistill.data.InvalidDataException;
import org.focaldistill.data.own.ImageSource;
import org.focaldistill.store.own.TableFile.Label;
import org.jspecify.annotations.Nullable;

/**
 * Parquet files whose rows have an image, the bytes of a PNG or JPEG file or a group with a field {@code bytes}, and a label,
 * a whole number or a text. A file is for training or for testing if it or a folder it lies in is called so: {@code
 * train-00000-of-00002.parquet}, {@code test/part-0.parquet}. Texts are class names, sorted; numbers are labels, with the
 * names that Hugging Face's datasets leave in the file, else sorted and called by themselves.
 */
public final class ImageTable implements ImageSource {
    private static final Pattern TRAIN = Pattern.compile("train([-_.].*)?");
    private static final Pattern TEST = Pattern.compile("test([-_.].*)?");

    private final SourceFiles files;
    private final Configuration configuration;
    private final String imageColumn;
    private final String labelColumn;
    private final List<TableFile> tables = new ArrayList<>();

    /**
     * @param root a Parquet file, or a folder with such files
     * @throws IOException if its file system can not be reached
     */
    public ImageTable(Configuration configuration, Path root, String imageColumn, String labelColumn)
            throws IOException {
        this.files = new SourceFiles(configuration, root);
        this.configuration = configuration;
        this.imageColumn = imageColumn;
        this.labelColumn = labelColumn;
    }

    @Override
    public Listing list() throws IOException {
        tables.clear();
        List<@Nullable Part> parts = new ArrayList<>();
        for (Path path : paths()) {
            tables.add(new TableFile(configuration, path, files.name(path), imageColumn, labelColumn));
            parts.add(part(files.name(path)));
        }
        requireAllOrNone(parts);
        boolean tested = parts.contains(Part.TEST);
        List<List<Label>> labels = new ArrayList<>();
        for (TableFile table : tables) {
            labels.add(table.labels());
        }
        List<String> classes = classes(labels);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            for (int row = 0; row < labels.get(i).size(); row++) {
                Label label = labels.get(i).get(row);
                String name = tables.get(i).row(row);
                entries.add(new Entry(name, index(classes, label, name), tested ? parts.get(i) : null));
            }
        }
        if (entries.isEmpty()) {
            throw new InvalidDataException("The Parquet files in " + files.root() + " have no rows");
        }
        return new Listing(classes, entries, List.of());
    }

    private List<Path> paths() throws IOException {
        if (!files.isFolder()) {
            return List.of(files.root());
        }
        List<Path> paths = files.files(files.root()).stream()
                .map(FileStatus::getPath)
                .filter(path -> path.getName().endsWith(".parquet"))
                .toList();
        if (paths.isEmpty()) {
            throw new InvalidDataException("There are no Parquet files (*.parquet) in " + files.root());
        }
        return paths;
    }

    private static @Nullable Part part(String name) {
        for (String each : name.split("/", -1)) {
            if (TRAIN.matcher(each).matches()) {
                return Part.TRAIN;
            }
            if (TEST.matcher(each).matches()) {
                return Part.TEST;
            }
        }
        return null;
    }

    private void requireAllOrNone(List<@Nullable Part> parts) throws InvalidDataException {
        if (parts.contains(Part.TRAIN) || parts.contains(Part.TEST)) {
            int other = parts.indexOf(null);
            if (other >= 0) {
                throw new InvalidDataException("Of " + tables.get(other).name() + " in " + files.root()
                        + " the name does not say whether it is for training or testing, as others' do: begin it with"
                        + " train or test, or move it away");
            }
        }
    }

    private List<String> classes(List<List<Label>> labels) throws InvalidDataException {
        List<String> named = tables.get(0).classNames();
        boolean numbers = false;
        boolean texts = false;
        TreeSet<Long> ofNumbers = new TreeSet<>();
        TreeSet<String> ofTexts = new TreeSet<>();
        for (Label label : labels.stream().flatMap(List::stream).toList()) {
            numbers |= label.text() == null;
            texts |= label.text() != null;
            if (label.text() == null) {
                ofNumbers.add(label.number());
            } else {
                ofTexts.add(label.text());
            }
        }
        if (numbers && texts) {
            throw new InvalidDataException("The column " + labelColumn + " in " + files.root()
                    + " holds numbers in some files and texts in others; make it one of them");
        }
        if (texts) {
            return List.copyOf(ofTexts);
        }
        return named.isEmpty() ? ofNumbers.stream().map(String::valueOf).toList() : named;
    }

    private int index(List<String> classes, Label label, String name) throws InvalidDataException {
        if (label.text() != null) {
            return classes.indexOf(label.text());
        }
        if (tables.get(0).classNames().isEmpty()) {
            return classes.indexOf(String.valueOf(label.number()));
        }
        if (label.number() < 0 || label.number() >= classes.size()) {
            throw new InvalidDataException("The label of " + name + " is " + label.number() + ", and the file names "
                    + classes.size() + " classes, from 0 on");
        }
        return (int) label.number();
    }

    @Override
    public void read(Listing listing, Reader reader) throws IOException {
        int entry = 0;
        for (TableFile table : tables) {
            int first = entry;
            entry += table.images((row, content) -> reader.image(first + row, content, "it has no image"));
        }
    }
}
