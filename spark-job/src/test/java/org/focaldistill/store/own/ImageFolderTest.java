package org.focaldistill.store.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.data.InvalidDataException;
import org.focaldistill.data.own.ImageSource.Entry;
import org.focaldistill.data.own.ImageSource.Listing;
import org.focaldistill.data.own.ImageSource.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
    @TempDir
    private Path root;

    @Test
    void classes_are_folders_sorted_by_name_and_their_images_sorted_by_path() throws IOException {
        write("newt/b.png", "cat/2.jpg", "cat/10.JPEG", "cat/more/1.png", "newt/a.PNG");
        Listing listing = source().list();
        assertThat(listing.classNames()).containsExactly("cat", "newt");
        assertThat(listing.entries())
                .containsExactly(
                        new Entry("cat/10.JPEG", 0, null),
                        new Entry("cat/2.jpg", 0, null),
                        new Entry("cat/more/1.png", 0, null),
                        new Entry("newt/a.PNG", 1, null),
                        new Entry("newt/b.png", 1, null));
        assertThat(listing.remarks()).isEmpty();
        assertThat(contents(listing))
                .containsExactly("cat/10.JPEG", "cat/2.jpg", "cat/more/1.png", "newt/a.PNG", "newt/b.png");
    }

    @Test
    void folders_train_and_test_say_what_is_for_what() throws IOException {
        write("train/cat/1.png", "test/cat/2.png", "train/dog/3.png", "test/emu/4.png");
        Listing listing = source().list();
        assertThat(listing.classNames()).containsExactly("cat", "dog", "emu");
        assertThat(listing.entries())
                .containsExactly(
                        new Entry("test/cat/2.png", 0, Part.TEST),
                        new Entry("train/cat/1.png", 0, Part.TRAIN),
                        new Entry("train/dog/3.png", 1, Part.TRAIN),
                        new Entry("test/emu/4.png", 2, Part.TEST));
    }

    @Test
    void a_folder_train_alone_does_not_say_it() throws IOException {
        write("train/cat/1.png");
        assertThat(source().list().entries()).containsExactly(new Entry("train/cat/1.png", 0, null));
    }

    @Test
    void what_systems_leave_is_not_seen_and_other_files_are_told() throws IOException {
        write("cat/1.png", "cat/Thumbs.db", "cat/.hidden.png", ".git/x.png", "__MACOSX/cat/1.png", "Desktop.ini");
        assertThat(source().list().remarks()).isEmpty();
        write("cat/notes.txt", "README", "cat/x.gif");
        Listing listing = source().list();
        assertThat(listing.classNames()).containsExactly("cat");
        assertThat(listing.entries()).hasSize(1);
        assertThat(listing.remarks())
                .containsExactly("3 files without the ending .png, .jpg or .jpeg: not read, the first is README");
    }

    @Test
    void a_class_without_images_is_a_class() throws IOException {
        write("cat/1.png");
        Files.createDirectory(root.resolve("dog"));
        assertThat(source().list().classNames()).containsExactly("cat", "dog");
    }

    @Test
    void another_layout_is_refused_with_the_one_that_is_read() throws IOException {
        assertRefused(root, "There are no PNG or JPEG files in file:" + root + ": what is read is CLASS/*.png and");
        assertRefused(root.resolve("none"), "There are no images in file:" + root + "/none: there is no such file");
        write("train/cat/1.png", "val/cat/2.png");
        assertRefused(
                root, "Beside the folder train there is a folder val in file:" + root + ": test images are those");
        assertRefused(root.resolve("train/cat"), "The image 1.png in file:" + root + "/train/cat lies in no folder of");
        assertRefused(root.resolve("train/cat/1.png"), "file:" + root + "/train/cat/1.png is a file; data.format");
    }

    @Test
    void a_file_that_went_away_is_told_and_the_others_are_read() throws IOException {
        write("cat/1.png", "cat/2.png");
        ImageFolder source = source();
        Listing listing = source.list();
        Files.delete(root.resolve("cat/1.png"));
        List<String> problems = new ArrayList<>();
        source.read(listing, (entry, content, problem) -> problems.add(content == null ? problem : "read " + entry));
        assertThat(problems).hasSize(2);
        assertThat(problems.get(0)).contains("1.png does not exist");
        assertThat(problems.get(1)).isEqualTo("read 1");
    }

    private void assertRefused(Path folder, String message) {
        assertThatThrownBy(() -> source(folder).list())
                .isInstanceOf(InvalidDataException.class)
                .hasMessageStartingWith(message);
    }

    /** Files that hold their own names. */
    private void write(String... names) throws IOException {
        for (String name : names) {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, name);
        }
    }

    private List<String> contents(Listing listing) throws IOException {
        List<String> contents = new ArrayList<>();
        ImageFolder source = source();
        var unused = source.list();
        source.read(listing, (entry, content, problem) -> contents.add(new String(content, StandardCharsets.UTF_8)));
        return contents;
    }

    private ImageFolder source() throws IOException {
        return source(root);
    }

    private static ImageFolder source(Path folder) throws IOException {
        return new ImageFolder(new Configuration(), new org.apache.hadoop.fs.Path(folder.toUri()));
    }
}
