package org.focaldistill.spark.cluster;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Lines for people. On a terminal the newest state is redrawn on the last line; elsewhere, a log file say, a state line
 * is printed now and then: after half a minute, and twice as long after each, up to ten minutes.
 */
public final class Console {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final int WIDTH = 79;

    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private boolean stateShown;
    private long lastPlainState;
    private Duration pause = FIRST_PAUSE;

    public Console(PrintStream out, boolean terminal) {
        this(out, terminal, System::nanoTime);
    }

    /** @param nanoTime the clock, as {@link System#nanoTime} */
    Console(PrintStream out, boolean terminal, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.lastPlainState = nanoTime.getAsLong();
    }

    /** Prints a line that stays. */
    public synchronized void line(String text) {
        wipe();
        out.println(text);
        out.flush();
    }

    /** Shows where things are. */
    public synchronized void state(String text) {
        if (terminal) {
            String cut = text.length() > WIDTH ? text.substring(0, WIDTH) : text;
            out.print("\r" + String.format(Locale.ROOT, "%-" + WIDTH + "s", cut));
            out.flush();
            stateShown = true;
        } else if (nanoTime.getAsLong() - lastPlainState >= pause.toNanos()) {
            lastPlainState = nanoTime.getAsLong();
            pause = pause.multipliedBy(2);
            if (pause.compareTo(LONGEST_PAUSE) > 0) {
                pause = LONGEST_PAUSE;
            }
            out.println(text);
            out.flush();
        }
    }

    private void wipe() {
        if (stateShown) {
            out.print("\r" + " ".repeat(WIDTH) + "\r");
            stateShown = false;
        }
    }
}
