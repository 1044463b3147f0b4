package org.focaldistill.cli;

/** The configuration of the sweeps that tests run on clusters: two trials of the smallest student, of seconds each. */
final class SmallSweep {
    private static final String CONFIG = """
            focaldistill {
              data { validation = 60, trainImages = 400, testImages = 100 }
              generated { trainImages = 400, testImages = 100 }
              teachers { small { model = resnet8, recipe { epochs = 1 } } }
              teacher.train = true
              sweep {
                pairs = [{ teacher = small, student = resnet8 }]
                alpha = [0.1]
                gamma = [0, 1]
                baselines = []
                references = []
              }
              recipe { epochs = 8, batchSize = 32 }
              run { checkpointEpochs = 2, slots = 2 }
            }
            """;

    private static final String PATHS = """
            focaldistill.paths { root = "%1$s", data = "%2$s/data", teachers = "%2$s/teachers", bank = "%2$s/bank" }
            """;

    private SmallSweep() {}

    /** @param others settings in place of these, each {@code path = value} */
    static String config(String... others) {
        StringBuilder config = new StringBuilder(CONFIG);
        for (String other : others) {
            config.append("focaldistill.").append(other).append('\n');
        }
        return config.toString();
    }

    /**
     * The same.
     *
     * @param root of the sweep
     * @param common what many sweeps read: images, teachers, bank
     */
    static String configIn(Object root, Object common, String... others) {
        return config(others) + PATHS.formatted(root, common);
    }
}
