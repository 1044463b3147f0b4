package org.focaldistill.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;

/** The terminal the program was started from, if it was. */
final class Terminal {
    private Terminal() {}

    /** Redraws its last line where that works: on a terminal that moves its cursor. */
    static org.focaldistill.spark.cluster.Console console() {
        boolean terminal = isThere(System.console()) && !"dumb".equals(System.getenv("TERM"));
        return new org.focaldistill.spark.cluster.Console(System.out, terminal);
    }

    /** Java has a console only where both input and output are one; since Java 22 always, which knows whether it is. */
    private static boolean isThere(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("Cannot ask the console whether it is a terminal", e);
        }
    }
}
