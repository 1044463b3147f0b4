package org.focaldistill.cli;

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

    /** This program's version; classes that are not in a jar have none. */
    static String code() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(not from a jar)" : version;
    }
}
