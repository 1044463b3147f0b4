package org.focaldistill.spark.gpu;

import java.io.Serializable;
import org.focaldistill.cuda.driver.Card;
import org.focaldistill.cuda.driver.NoCardException;
import org.focaldistill.nn.backend.CudaDevice;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/**
 * What a process sees of its card, without opening it. Nothing that is wrong with one keeps it from training on CPUs.
 *
 * @param card the card that whole steps can run on; null without one
 * @param noCard why there is none; null where there is one
 * @param driver whether there is a driver, so that somebody may expect a card to be used
 * @param nd4jCuda whether Deeplearning4j runs on GPUs there: with the build for CPUs it does not, whatever the process is bound to
 * @param nd4jProblem why it would run on GPUs and can not; null if it can, or would not
 */
record CardLook(
        @Nullable String card,
        @Nullable String noCard,
        boolean driver,
        boolean nd4jCuda,
        @Nullable String nd4jProblem) implements Serializable {

    /** At the first device that CUDA shows this process. */
    static CardLook now() {
        try {
            return new CardLook(Card.usable(0).toString(), null, true, CudaDevice.isWanted(), nd4j());
        } catch (NoCardException e) {
            return new CardLook(null, e.getMessage(), e.hasDriver(), CudaDevice.isWanted(), nd4j());
        } catch (LinkageError | RuntimeException e) {
            return new CardLook(
                    null, "NVIDIA's driver does not work: " + Words.reason(e), true, CudaDevice.isWanted(), nd4j());
        }
    }

    static CardLook none(String why) {
        return new CardLook(null, why, false, CudaDevice.isWanted(), null);
    }

    private static @Nullable String nd4j() {
        if (!CudaDevice.isWanted()) {
            return null;
        }
        try {
            String unused = CudaDevice.requireUsable();
            return null;
        } catch (LinkageError | RuntimeException e) {
            return e.getMessage();
        }
    }
}
