package org.focaldistill.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program of the name {@code nvidia-smi} for machines without a card: answers what the project asks of it. */
public final class NvidiaSmi {
    private static final String PROGRAM = """
            #!/usr/bin/env bash
            while (($#)); do
              case "$1" in
                --query-gpu=uuid) columns=uuid ;;
                -i) chosen=",$2,"; shift ;;
              esac
              shift
            done
            while IFS= read -r gpu; do
              index=${gpu%%,*}
              [[ -z "${chosen:-}" || "$chosen" == *",$index,"* ]] || continue
              if [[ "${columns:-}" == uuid ]]; then echo "GPU-of-this-machine-$index"; else echo "$gpu"; fi
            done <"$(dirname "$0")/gpus"
            """;

    private NvidiaSmi() {}

    /**
     * Writes it into a folder.
     *
     * @param gpus each one's index, name and compute capability
     * @return the folder
     */
    public static Path in(Path folder, String... gpus) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("gpus"), List.of(gpus), StandardCharsets.UTF_8);
        Path program = folder.resolve("nvidia-smi");
        Files.writeString(program, PROGRAM, StandardCharsets.UTF_8);
        if (!program.toFile().setExecutable(true)) {
            throw new IOException("Cannot make " + program + " executable");
        }
        return folder;
    }
}
