package org.focaldistill.store;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.focaldistill.sweep.Trial;

/**
 * A whole trial as JSON, its record components by name and the version of their list: enough to run it again. JSON
 * without a version is of version 1.
 *
 * <p>Whoever adds a component to {@link Trial}, or to a record in it, raises {@link #VERSION} and says in {@link #ADDED}
 * what all trials had in its place before, with which JSON of the earlier versions is then read. {@link
 * Table#SCHEMA_VERSION} goes up too: programs of before refuse such results at their plan.
 */
final class TrialJson {
    /** Of what is written. */
    static final int VERSION = 4;

    private static final List<Added> ADDED = List.of(
            new Added(2, "/computation", """
                    {"engine": "cpu", "numerics": "fp32"}"""),
            new Added(3, "/seedStreams", "\"PLAIN\""),
            new Added(4, "/loss/labelSmoothing", "0.0"),
            new Added(4, "/loss/distillation", """
                    {"form": "KL", "parameters": {}, "warmupEpochs": 0, "lastEpoch": 0}"""),
            new Added(4, "/loss/calibrationWeight", "0.0"),
            new Added(4, "/recipe/schedule", "\"STEPS\""),
            new Added(4, "/recipe/warmupEpochs", "0"));

    private static final String VERSION_FIELD = "version";
    // A missing or unknown setting would give another trial, so both are errors.
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private TrialJson() {}

    /**
     * A component that trials have since a version.
     *
     * @param since the first version that has it
     * @param path where it is, e.g. {@code /recipe/epochs}
     * @param before what trials of earlier versions had in its place, as JSON
     */
    private record Added(int since, String path, String before) {

        /** Puts it into the JSON of an earlier version. */
        void addTo(ObjectNode trial, int version) throws JsonProcessingException {
            JsonPointer pointer = JsonPointer.compile(path);
            // Without the record it belongs to, that is what the reader will miss.
            if (trial.at(pointer.head()) instanceof ObjectNode owner) {
                JsonNode own = owner.putIfAbsent(pointer.last().getMatchingProperty(), MAPPER.readTree(before));
                if (own != null) {
                    throw new IllegalArgumentException(
                            "config_json is not a trial: it has " + path + ", which version " + version + " has not");
                }
            }
        }
    }

    static String write(Trial trial) {
        try {
            ObjectNode json = MAPPER.createObjectNode().put(VERSION_FIELD, VERSION);
            json.setAll(MAPPER.<ObjectNode>valueToTree(trial));
            return MAPPER.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A trial is always JSON: " + trial, e);
        }
    }

    /**
     * Reads JSON of any version so far.
     *
     * @throws LaterVersionException if it is of a later one
     * @throws IllegalArgumentException if it is not a trial
     */
    static Trial read(String json) {
        try {
            if (!(MAPPER.readTree(json) instanceof ObjectNode trial)) {
                throw new IllegalArgumentException("config_json is not a trial: " + json);
            }
            int version = takeVersion(trial);
            for (Added added : ADDED) {
                if (version < added.since()) {
                    added.addTo(trial, version);
                }
            }
            return MAPPER.treeToValue(trial, Trial.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("config_json is not a trial: " + e.getOriginalMessage(), e);
        }
    }

    private static int takeVersion(ObjectNode trial) {
        JsonNode version = trial.remove(VERSION_FIELD);
        if (version == null) {
            return 1;
        }
        if (!version.isInt() || version.intValue() < 1) {
            throw new IllegalArgumentException("config_json is not a trial: its version is " + version);
        }
        if (version.intValue() > VERSION) {
            throw new LaterVersionException("config_json has version", version.intValue(), VERSION);
        }
        return version.intValue();
    }
}
