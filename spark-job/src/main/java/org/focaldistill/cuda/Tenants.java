package org.focaldistill.cuda;

import java.util.concurrent.TimeUnit;

/** Who has room on a card, or is about to have: where a student or a teacher finds none it waits for another to leave. */
final class Tenants {
    private static final long LOOK_MILLIS = 1000;
    /** Students end; teachers may be held by those who wait. */
    private static final long PATIENCE_WITH_TEACHERS_NANOS = TimeUnit.MINUTES.toNanos(2);

    private int students;
    private int teachers;
    private long left;

    /** How many have left so far. */
    synchronized long left() {
        return left;
    }

    /** Comes before the memory is asked for, so that two who ask at once see each other. */
    synchronized void enter(boolean student) {
        count(student, 1);
    }

    private void count(boolean student, int change) {
        if (student) {
            students += change;
        } else {
            teachers += change;
        }
    }

    /** Its memory is free again. */
    synchronized void leave(boolean student) {
        count(student, -1);
        left++;
        notifyAll();
    }

    /**
     * One that found no room goes, and waits a while for others to leave.
     *
     * @param known how many had left when it asked for memory
     * @param sinceNanos since when it has asked, by {@link System#nanoTime}
     * @return whether it is worth another try: false if there is nobody else whose room could become free
     */
    synchronized boolean withdraw(boolean student, long known, long sinceNanos) {
        count(student, -1);
        if (left != known) {
            return true;
        }
        boolean patient = System.nanoTime() - sinceNanos < PATIENCE_WITH_TEACHERS_NANOS;
        if (students == 0 && (teachers == 0 || !patient)) {
            return false;
        }
        try {
            wait(LOOK_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
