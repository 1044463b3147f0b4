package org.focaldistill.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Loads configurations. In order of precedence: overrides, the later the stronger; the file with what it includes; the
 * defaults in {@code reference.conf}. System properties play no part, and environment variables only where a value asks
 * for one by <code>${?NAME}</code>.
 */
public final class ConfigLoader {
    private final Set<String> models;

    /**
     * A loader.
     *
     * @param models the architectures that pairs and teachers may name
     */
    public ConfigLoader(Set<String> models) {
        this.models = new TreeSet<>(models);
    }

    /**
     * Loads a configuration.
     *
     * @param file a HOCON file; null: the defaults alone
     * @param overrides settings as {@code path=value}
     * @throws ConfigException with all that is wrong
     */
    public LoadedConfig load(@Nullable Path file, List<String> overrides) {
        Problems problems = new Problems();
        Config base = (file == null ? ConfigFactory.empty() : parse(file, problems)).withFallback(defaults());
        List<Setting> settings = settings(overrides, problems);
        problems.throwIfAny();

        Config merged = base;
        Config before = resolveWhatCanBe(merged, problems);
        List<String> lines = new ArrayList<>();
        for (Setting setting : settings) {
            merged = setting.config().withFallback(merged);
            Config after = resolveWhatCanBe(merged, problems);
            lines.add(setting.describe(before, after));
            before = after;
        }
        Config resolved = resolve(merged, ConfigResolveOptions.defaults(), problems);
        FocalDistillConfig config = new ConfigReader(models).read(resolved.root(), problems);
        return new LoadedConfig(config, lines, resolved.root());
    }

    private static Config defaults() {
        Config all = ConfigFactory.parseResources(
                ConfigLoader.class.getClassLoader(),
                "reference.conf",
                ConfigParseOptions.defaults().setAllowMissing(false));
        // Other libraries may bring a reference.conf of their own.
        return all.withOnlyPath(Problems.ROOT);
    }

    private static Config parse(Path file, Problems problems) {
        if (!Files.isRegularFile(file)) {
            problems.add(file + ": " + (Files.exists(file) ? "is not a file" : "no such file"));
            return ConfigFactory.empty();
        }
        try {
            Config config = ConfigFactory.parseFile(
                    withFolder(file).toFile(),
                    ConfigParseOptions.defaults()
                            .setSyntax(ConfigSyntax.CONF)
                            .setAllowMissing(false)
                            .setIncluder(new StrictIncluder()));
            config.root().forEach((key, value) -> {
                if (!key.equals(Problems.ROOT)) {
                    problems.add(key, value.origin(), "unknown key; everything stands inside focaldistill { }");
                }
            });
            return config;
        } catch (com.typesafe.config.ConfigException e) {
            problems.add(message(e));
            return ConfigFactory.empty();
        } catch (StackOverflowError e) {
            problems.add(file + ": " + Problems.TOO_DEEP);
            return ConfigFactory.empty();
        }
    }

    /** Included files are looked for beside a file only if its path has a folder. */
    private static Path withFolder(Path file) {
        return file.getParent() == null ? Path.of(".").resolve(file) : file;
    }

    private static List<Setting> settings(List<String> overrides, Problems problems) {
        List<Setting> settings = new ArrayList<>();
        for (String override : overrides) {
            Setting setting = Setting.parse(override, problems);
            if (setting != null) {
                settings.add(setting);
            }
        }
        return settings;
    }

    /** What an override replaces, or is, may itself hang on a later override. */
    private static Config resolveWhatCanBe(Config merged, Problems problems) {
        return resolve(merged, ConfigResolveOptions.defaults().setAllowUnresolved(true), problems);
    }

    private static Config resolve(Config merged, ConfigResolveOptions options, Problems problems) {
        try {
            return merged.resolve(options);
        } catch (com.typesafe.config.ConfigException e) {
            problems.add(message(e));
            problems.throwIfAny();
            throw e;
        } catch (StackOverflowError e) {
            throw new ConfigException(List.of(Problems.ROOT + ": " + Problems.TOO_DEEP));
        }
    }

    /** The library's message, its position in the form of all others. */
    private static String message(com.typesafe.config.ConfigException e) {
        ConfigOrigin origin = e.origin();
        String message = String.valueOf(e.getMessage());
        return origin == null
                ? message
                : Problems.position(origin) + ": " + message.replace(origin.description() + ": ", "");
    }
}
