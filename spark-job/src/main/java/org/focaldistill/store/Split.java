package org.focaldistill.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** The two parts of a data set. */
public enum Split {
    @JsonProperty("train")
    TRAIN,
    @JsonProperty("test")
    TEST;

    /** The name in files: {@code train} or {@code test}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
