package org.focaldistill.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import java.util.List;

/** A configuration with where it came from. */
public final class LoadedConfig {
    private final FocalDistillConfig config;
    private final List<String> overrides;
    private final ConfigObject effective;

    LoadedConfig(FocalDistillConfig config, List<String> overrides, ConfigObject effective) {
        this.config = config;
        this.overrides = List.copyOf(overrides);
        this.effective = effective;
    }

    public FocalDistillConfig config() {
        return config;
    }

    /** A line for each override, in order: {@code set sweep.alpha.count = 3 (was 10)}. */
    public List<String> overrides() {
        return overrides;
    }

    /**
     * All settings in force, as a file that gives the same configuration again.
     *
     * @param comments with the comments that say what each key means, or without
     */
    public String render(Comments comments) {
        return effective.render(ConfigRenderOptions.defaults()
                .setJson(false)
                .setOriginComments(false)
                .setComments(comments == Comments.SHOWN));
    }

    /** Whether a rendered configuration says what its keys mean. */
    public enum Comments {
        SHOWN,
        LEFT_OUT
    }
}
