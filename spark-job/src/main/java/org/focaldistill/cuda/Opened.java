package org.focaldistill.cuda;

import java.util.ArrayDeque;
import java.util.Deque;

/** Things to be closed together, the last first; also when only some of them could be opened, as the card's memory ends. */
final class Opened implements AutoCloseable {
    private final Deque<AutoCloseable> things = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T thing) {
        things.push(thing);
        return thing;
    }

    @Override
    public void close() {
        RuntimeException problem = null;
        while (!things.isEmpty()) {
            try {
                things.pop().close();
            } catch (Exception e) {
                RuntimeException own = e instanceof RuntimeException known ? known : new IllegalStateException(e);
                if (problem == null) {
                    problem = own;
                } else {
                    problem.addSuppressed(own);
                }
            }
        }
        if (problem != null) {
            throw problem;
        }
    }
}
