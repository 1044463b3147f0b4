package org.focaldistill.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.focaldistill.config.ConfigException;
import org.focaldistill.config.ConfigLoader;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.config.LoadedConfig;
import org.focaldistill.store.FolderAccess;
import org.focaldistill.text.Secrets;
import org.focaldistill.zoo.Architecture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of every command that needs a configuration. */
final class ConfigOptions {
    /** What a shell takes as it is. */
    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            converter = LocalPathConverter.class,
            description = "Configuration file: what differs from the defaults, which \"focaldistill config\" prints.")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = {
                "A setting that has precedence over the file; may be given several times.",
                "Lists and sections as in the file, in quotes: --set 'sweep.alpha=[0,0.05]'."
            })
    private List<String> overrides = new ArrayList<>();

    /** The options as given, each after a space, without what looks like a password or key. */
    String asTyped() {
        StringBuilder typed = new StringBuilder();
        if (file != null) {
            typed.append(" -c ").append(quoted(file.toString()));
        }
        for (String override : overrides) {
            typed.append(" --set ").append(quoted(Secrets.hidden(override)));
        }
        return typed.toString();
    }

    /** An argument as one types it in a shell. */
    static String quoted(String argument) {
        return PLAIN.matcher(argument).matches() ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    /**
     * Loads the configuration and prints what the command line changed in it.
     *
     * @throws ConfigException with all that is wrong
     */
    FocalDistillConfig load() {
        PrintWriter out = command.commandLine().getOut();
        LoadedConfig loaded = loadSilently();
        loaded.overrides().forEach(out::println);
        requireWritableKinds(loaded.config().paths());
        return loaded.config();
    }

    /** Folders on the default file system are checked when they are written to. */
    private static void requireWritableKinds(FocalDistillConfig.Paths paths) {
        Map<String, String> folders = new LinkedHashMap<>();
        folders.put("paths.root", paths.root());
        folders.put("paths.data", paths.data());
        folders.put("paths.teachers", paths.teachers());
        folders.put("paths.bank", paths.bank());
        folders.put("paths.results", paths.results());
        List<String> problems = new ArrayList<>();
        folders.forEach((setting, folder) -> {
            String refusal = refusal(folder);
            if (refusal != null) {
                problems.add(setting + " = " + folder + ": " + refusal);
            }
        });
        if (!problems.isEmpty()) {
            // The others mostly stand in the first.
            throw new ConfigException(problems.subList(0, 1));
        }
    }

    private static @Nullable String refusal(String folder) {
        try {
            return FolderAccess.refusal(
                    new org.apache.hadoop.fs.Path(folder).toUri().getScheme());
        } catch (IllegalArgumentException e) {
            return "this is no path: " + e.getMessage();
        }
    }

    /**
     * Loads the configuration, for a command whose output is for other programs.
     *
     * @throws ConfigException with all that is wrong
     */
    LoadedConfig loadSilently() {
        return new ConfigLoader(new TreeSet<>(Architecture.modelNames())).load(file, overrides);
    }
}
