package org.focaldistill.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.focaldistill.sweep.Trial;

/** A whole trial as JSON, its record components by name: enough to run it again. */
final class TrialJson {
    // A missing or unknown setting would give another trial, so both are errors.
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private TrialJson() {}

    static String write(Trial trial) {
        try {
            return MAPPER.writeValueAsString(trial);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A trial is always JSON: " + trial, e);
        }
    }

    static Trial read(String json) {
        try {
            return MAPPER.readValue(json, Trial.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("config_json is not a trial: " + e.getOriginalMessage(), e);
        }
    }
}
