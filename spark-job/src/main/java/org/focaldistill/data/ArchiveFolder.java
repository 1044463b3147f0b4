package org.focaldistill.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** An unpacked archive. */
final class ArchiveFolder implements ArchiveFiles {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path folder;
    private final Set<String> names;

    /** @param names the files to show, those that exist */
    ArchiveFolder(Path folder, Set<String> names) {
        this.folder = folder;
        this.names = Set.copyOf(names);
    }

    @Override
    public String location() {
        return folder.toString();
    }

    @Override
    public void visit(Visitor visitor) throws IOException {
        for (String name : names.stream().sorted().toList()) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                try (InputStream content = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
                    visitor.file(name, Files.size(file), content);
                }
            }
        }
    }
}
