package org.focaldistill.config;

import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;
import org.jspecify.annotations.Nullable;

/** Includes as HOCON does, but refuses a file that is not there, which HOCON takes for an empty one. */
final class StrictIncluder implements ConfigIncluder {
    private final @Nullable ConfigIncluder standard;

    StrictIncluder() {
        this(null);
    }

    private StrictIncluder(@Nullable ConfigIncluder standard) {
        this.standard = standard;
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return new StrictIncluder(standard == null ? fallback : standard.withFallback(fallback));
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        if (standard == null) {
            throw new IllegalStateException("The parser gives an includer its own to fall back on");
        }
        return standard.include(context.setParseOptions(context.parseOptions().setAllowMissing(false)), what);
    }
}
