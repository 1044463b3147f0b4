package org.focaldistill.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.focaldistill.sweep.Computation;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TrainingState} as a model file: the network's tensors under their own names, the optimiser's with {@code
 * velocity.} and the best epoch's with {@code best.} before them, all else in the header, with a checksum of all of it.
 * The header says which engine and numerics wrote it, as no other goes on from it; where it does not, it was {@link
 * Computation#CPU_FP32}. There is no state of random numbers: order and views of an epoch's images follow from the data
 * seed and the epoch.
 */
public final class Checkpoint {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final String FORMAT = "focaldistill checkpoint 2";
    /** Of before velocities lay under the names of the tensors they move. */
    private static final String EARLIER_FORMAT = "focaldistill checkpoint 1";

    private static final String VELOCITY = "velocity.";
    private static final String BEST = "best.";
    private static final String CHECKSUM = "sha256";
    private static final String ENGINE = "engine";
    private static final String NUMERICS = "numerics";

    private Checkpoint() {}

    /**
     * The state as a file.
     *
     * @param computation what trained it
     * @param about further header entries, e.g. the trial
     */
    public static Safetensors write(TrainingState state, Computation computation, Map<String, String> about) {
        Map<String, String> metadata = new LinkedHashMap<>(about);
        metadata.put("format", state.earlierVelocities() ? EARLIER_FORMAT : FORMAT);
        metadata.put(ENGINE, computation.engine());
        metadata.put(NUMERICS, computation.numerics());
        metadata.put("epoch", Integer.toString(state.epochs()));
        metadata.put("steps", Long.toString(state.steps()));
        metadata.put("history", json(state.history()));
        if (state.firstNegativeStep() != null) {
            metadata.put("first_negative_step", Long.toString(state.firstNegativeStep()));
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>(state.tensors());
        state.velocities().forEach((name, tensor) -> tensors.put(VELOCITY + name, tensor));
        TrainingState.Best best = state.best();
        if (best != null) {
            metadata.put("best_epoch", Integer.toString(best.epoch()));
            metadata.put("best_val_top1", Double.toString(best.valTop1()));
            best.tensors().forEach((name, tensor) -> tensors.put(BEST + name, tensor));
        }
        metadata.put(CHECKSUM, checksum(metadata, tensors));
        return new Safetensors(tensors, metadata);
    }

    /** Of all that is read back, the checksum itself left out. */
    private static String checksum(Map<String, String> metadata, Map<String, Tensor> tensors) {
        StringBuilder text = new StringBuilder(Safetensors.hash(tensors));
        new TreeMap<>(metadata).forEach((name, value) -> {
            if (!name.equals(CHECKSUM)) {
                text.append('\n').append(name).append('=').append(value);
            }
        });
        return DigestUtils.sha256Hex(text.toString());
    }

    /**
     * Reads a state.
     *
     * @param name what to call the file in messages
     * @param computation what is to go on from it
     * @throws InvalidModelException if it is not a checkpoint of this project
     * @throws ForeignCheckpointException if another engine or other numerics wrote it
     */
    public static TrainingState read(Safetensors file, String name, Computation computation)
            throws InvalidModelException, ForeignCheckpointException {
        try {
            Map<String, String> metadata = file.metadata();
            String format = entry(metadata, "format");
            if (!format.equals(FORMAT) && !format.equals(EARLIER_FORMAT)) {
                throw new IllegalArgumentException(
                        "its format is \"" + format + "\", not \"" + FORMAT + "\" or \"" + EARLIER_FORMAT + "\"");
            }
            Computation writer = writer(metadata);
            String negative = metadata.get("first_negative_step");
            TrainingState state = new TrainingState(
                    history(entry(metadata, "history")),
                    Long.parseLong(entry(metadata, "steps")),
                    negative == null ? null : Long.valueOf(negative),
                    network(file.tensors()),
                    under(file.tensors(), VELOCITY),
                    best(file),
                    format.equals(EARLIER_FORMAT));
            String found = checksum(metadata, file.tensors());
            if (!found.equals(entry(metadata, CHECKSUM))) {
                throw new InvalidModelException("Cannot go on from " + name + ": its checksum is " + found
                        + ", should be " + metadata.get(CHECKSUM) + ": it was damaged");
            }
            if (!writer.equals(computation)) {
                throw new ForeignCheckpointException(name, writer, computation);
            }
            return state;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new InvalidModelException(
                    "Cannot go on from " + name + ": its header is not a checkpoint's: " + e.getMessage());
        }
    }

    private static Computation writer(Map<String, String> metadata) {
        return metadata.containsKey(ENGINE) || metadata.containsKey(NUMERICS)
                ? new Computation(entry(metadata, ENGINE), entry(metadata, NUMERICS))
                : Computation.CPU_FP32;
    }

    private static List<EpochResult> history(String json) throws JsonProcessingException {
        JsonNode epochs = JSON.readTree(json);
        epochs.findValues("components").forEach(Checkpoint::addWhatWasNotMeasured);
        List<EpochResult> history = JSON.convertValue(epochs, new TypeReference<List<EpochResult>>() {});
        if (history == null || history.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("its history lacks an epoch: " + json);
        }
        return history;
    }

    /** Checkpoints of before there was a choice of losses lack components. */
    private static void addWhatWasNotMeasured(JsonNode components) {
        if (components instanceof ObjectNode known && known.has("kl") && !known.has("distillation")) {
            known.put("uniformCe", Double.NaN);
            known.set("distillation", known.get("kl"));
            known.put("calibration", Double.NaN);
        }
    }

    private static TrainingState.@Nullable Best best(Safetensors file) {
        String epoch = file.metadata().get("best_epoch");
        return epoch == null
                ? null
                : new TrainingState.Best(
                        Integer.parseInt(epoch),
                        Double.parseDouble(entry(file.metadata(), "best_val_top1")),
                        under(file.tensors(), BEST));
    }

    private static String entry(Map<String, String> metadata, String key) {
        String value = metadata.get(key);
        if (value == null) {
            throw new IllegalArgumentException("it lacks the entry " + key);
        }
        return value;
    }

    private static Map<String, Tensor> network(Map<String, Tensor> tensors) {
        Map<String, Tensor> network = new LinkedHashMap<>(tensors);
        network.keySet().removeIf(name -> name.startsWith(VELOCITY) || name.startsWith(BEST));
        return network;
    }

    private static Map<String, Tensor> under(Map<String, Tensor> tensors, String prefix) {
        Map<String, Tensor> found = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), tensor);
            }
        });
        return found;
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Results of epochs can always be written as JSON", e);
        }
    }
}
