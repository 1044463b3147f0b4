package org.focaldistill.train;

import java.util.List;
import java.util.function.Consumer;
import org.focaldistill.train.TrialTrainer.LegControl;

/** The other end of legs in tests. */
public final class LegControls {
    private LegControls() {}

    /** Never asks to stop. */
    public static LegControl unstopped() {
        return stopAfter(Integer.MAX_VALUE);
    }

    /** Asks to stop once a leg has told so many times that it trained. */
    public static LegControl stopAfter(int times) {
        return new LegControl() {
            private int told;

            @Override
            public boolean stopRequested() {
                return told == times;
            }

            @Override
            public void trained(int images) {
                told++;
            }
        };
    }

    /** Never asks to stop, and passes on what it is told of epochs. */
    public static LegControl telling(Consumer<List<EpochResult>> completed) {
        return new LegControl() {
            @Override
            public boolean stopRequested() {
                return false;
            }

            @Override
            public void trained(int images) {}

            @Override
            public void completed(List<EpochResult> history) {
                completed.accept(history);
            }
        };
    }
}
