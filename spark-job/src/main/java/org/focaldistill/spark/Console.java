package org.focaldistill.spark;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * Lines for people. On a terminal the newest state is redrawn on the last line; elsewhere, a log file say, a state line
 * is printed now and then.
 */
public final class Console {
    private static final Duration BETWEEN_PLAIN_STATES = Duration.ofSeconds(30);
    private static final int WIDTH = 79;

    private final PrintStream out;
    private final boolean terminal;
    private boolean stateShown;
    private long lastPlainState = System.nanoTime();

    public Console(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Prints a line that stays. */
    public synchronized void line(String text) {
        wipe();
        out.println(text);
        out.flush();
    }

    /** Shows where things are. */
    synchronized void state(String text) {
        if (terminal) {
            String cut = text.length() > WIDTH ? text.substring(0, WIDTH) : text;
            out.print("\r" + String.format(Locale.ROOT, "%-" + WIDTH + "s", cut));
            out.flush();
            stateShown = true;
        } else if (System.nanoTime() - lastPlainState > BETWEEN_PLAIN_STATES.toNanos()) {
            lastPlainState = System.nanoTime();
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
