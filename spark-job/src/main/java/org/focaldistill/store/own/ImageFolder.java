package org.focaldistill.store.own;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.focaldistill.data.InvalidDataException;
import org.focaldistill.data.own.ImageSource;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/**
 * A folder with a folder of PNG and JPEG files for each class, or with folders {@code train} and {@code test} of such
 * folders. Classes are called as their folders, and sorted by name; files may lie in further folders in these.
 */
public final class ImageFolder implements ImageSource {
    private static final String LAYOUT = "what is read is CLASS/*.png and *.jpg, or train/CLASS/* and test/CLASS/*";

    private final SourceFiles files;
    private final List<Path> paths = new ArrayList<>();
    private final Map<String, List<Found>> byClass = new TreeMap<>();
    private final List<String> others = new ArrayList<>();

    private record Found(Path path, @Nullable Part part) {}

    /**
     * @param root the folder
     * @throws IOException if its file system can not be reached
     */
    public ImageFolder(Configuration configuration, Path root) throws IOException {
        files = new SourceFiles(configuration, root);
    }

    @Override
    public Listing list() throws IOException {
        if (!files.isFolder()) {
            throw new InvalidDataException(files.root() + " is a file; data.format = folder reads folders: " + LAYOUT);
        }
        byClass.clear();
        paths.clear();
        others.clear();
        find();
        List<String> classes = List.copyOf(byClass.keySet());
        List<Entry> entries = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            for (Found found : byClass.getOrDefault(classes.get(label), List.of())) {
                entries.add(new Entry(files.name(found.path), label, found.part));
                paths.add(found.path);
            }
        }
        if (entries.isEmpty()) {
            throw new InvalidDataException("There are no PNG or JPEG files in " + files.root() + ": " + LAYOUT);
        }
        return new Listing(classes, entries, remarks());
    }

    private void find() throws IOException {
        List<FileStatus> top = files.list(files.root());
        boolean divided = top.stream().anyMatch(each -> isPart(each, Part.TRAIN));
        if (!divided) {
            findClasses(files.root(), null);
            return;
        }
        boolean tested = top.stream().anyMatch(each -> isPart(each, Part.TEST));
        for (FileStatus each : top) {
            if (isPart(each, Part.TRAIN)) {
                findClasses(each.getPath(), tested ? Part.TRAIN : null);
            } else if (isPart(each, Part.TEST)) {
                findClasses(each.getPath(), Part.TEST);
            } else if (each.isDirectory()) {
                throw new InvalidDataException("Beside the folder train there is a folder "
                        + each.getPath().getName() + " in " + files.root() + ": test images are those of a folder test;"
                        + " rename it so, or move it away");
            } else {
                others.add(files.name(each.getPath()));
            }
        }
    }

    private static boolean isPart(FileStatus status, Part part) {
        return status.isDirectory() && status.getPath().getName().equals(Words.of(part));
    }

    private void findClasses(Path folder, @Nullable Part part) throws IOException {
        for (FileStatus each : files.list(folder)) {
            if (each.isDirectory()) {
                List<Found> ofClass = byClass.computeIfAbsent(each.getPath().getName(), name -> new ArrayList<>());
                for (FileStatus file : files.files(each.getPath())) {
                    if (isImage(file.getPath())) {
                        ofClass.add(new Found(file.getPath(), part));
                    } else {
                        others.add(files.name(file.getPath()));
                    }
                }
            } else if (isImage(each.getPath())) {
                throw new InvalidDataException("The image " + files.name(each.getPath()) + " in " + files.root()
                        + " lies in no folder of a class: " + LAYOUT);
            } else {
                others.add(files.name(each.getPath()));
            }
        }
    }

    private static boolean isImage(Path path) {
        return path.getName().toLowerCase(Locale.ROOT).matches(".*\\.(png|jpg|jpeg)");
    }

    private List<String> remarks() {
        return others.isEmpty()
                ? List.of()
                : List.of(Words.count(others.size(), "file")
                        + " without the ending .png, .jpg or .jpeg: not read, the first" + " is " + others.get(0));
    }

    @Override
    public void read(Listing listing, Reader reader) throws IOException {
        for (int i = 0; i < paths.size(); i++) {
            byte[] content;
            try {
                content = files.content(paths.get(i));
            } catch (FileNotFoundException | AccessControlException e) { // a local disk says the one for the other
                reader.image(i, null, Words.reason(e));
                continue;
            }
            reader.image(i, content, "");
        }
    }
}
