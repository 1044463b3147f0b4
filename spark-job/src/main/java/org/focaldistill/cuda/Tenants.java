package org.focaldistill.cuda;

/** Who has room on a card, or is about to have: where a student or a teacher finds none it waits for another to leave. */
final class Tenants {
    private static final long PATIENCE_MILLIS = 1000;

    private int there;
    private long left;

    /** How many have left so far. */
    synchronized long left() {
        return left;
    }

    /** Comes before the memory is asked for, so that two who ask at once see each other. */
    synchronized void enter() {
        there++;
    }

    /** Its memory is free again. */
    synchronized void leave() {
        there--;
        left++;
        notifyAll();
    }

    /**
     * One that found no room goes, and waits a while for others to leave.
     *
     * @param known how many had left when it asked for memory
     * @return whether it is worth another try: false if there is nobody else whose room could become free
     */
    synchronized boolean withdraw(long known) {
        there--;
        if (left != known) {
            return true;
        }
        if (there == 0) {
            return false;
        }
        try {
            wait(PATIENCE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
