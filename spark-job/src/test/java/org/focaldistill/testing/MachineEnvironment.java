package org.focaldistill.testing;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Environment variables that belong to the machine that tests run on, and so to each of its containers: without those of
 * OpenBLAS and oneDNN, which choose their code, a container would compute with other last bits than a process beside it.
 */
final class MachineEnvironment {
    private MachineEnvironment() {}

    static Map<String, String> variables() {
        return System.getenv().entrySet().stream()
                .filter(variable -> variable.getKey().matches("JDK_JAVA_OPTIONS|(OPENBLAS|ONEDNN|DNNL)_\\w+"))
                .filter(variable -> !variable.getKey().endsWith("_NUM_THREADS"))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
