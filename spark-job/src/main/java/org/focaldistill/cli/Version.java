package org.focaldistill.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest, with the Java runtime. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "FocalDistill " + code(),
            "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }

    /**
     * This program's version, and after a plus sign the commit that it was built of if that is known and is not the one
     * tagged with the version; classes that are not in a jar have none.
     */
    static String code() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(not from a jar)" : withCommit(version);
    }

    private static String withCommit(String version) {
        try (InputStream file = Version.class.getResourceAsStream("commit.txt")) {
            String commit = file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
            return commit.isEmpty() ? version : version + "+" + commit;
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }
}
