package org.focaldistill.report;

import java.util.List;
import org.focaldistill.sweep.AttemptRow;

/** Why an attempt failed, in a line: of all the stack that its row keeps, what was thrown first. */
final class FailureReason {
    private static final String CAUSE = "Caused by: ";
    /** Spark puts a task's exception behind this, in a message of its own. */
    private static final String OF_TASK = "): ";

    private FailureReason() {}

    static String of(AttemptRow attempt) {
        String error = attempt.error();
        if (error == null || error.isBlank()) {
            return "no reason was recorded";
        }
        List<String> lines = error.lines().toList();
        String reason = lines.get(0);
        for (String line : lines) {
            // Spark repeats the stack in the driver's; the last cause is the innermost of either.
            reason = line.startsWith(CAUSE) ? line.substring(CAUSE.length()) : reason;
        }
        int task = reason.indexOf(OF_TASK);
        return reason.contains("Lost task") && task >= 0 ? reason.substring(task + OF_TASK.length()) : reason;
    }
}
