package org.focaldistill.cuda;

import java.util.ArrayList;
import java.util.List;

/** The arguments of a kernel, in its order; the first are the arenas. */
final class Arguments {
    private final List<Object> values = new ArrayList<>();

    Arguments(Arenas students) {
        values.add(students.address());
    }

    Arguments at(long... offsets) {
        for (long offset : offsets) {
            values.add(offset);
        }
        return this;
    }

    Arguments read(Reading reading) {
        return at(reading.values(), reading.scale(), reading.shift()).flag(reading.relu());
    }

    Arguments number(int... numbers) {
        for (int number : numbers) {
            values.add(number);
        }
        return this;
    }

    Arguments flag(boolean flag) {
        return number(flag ? 1 : 0);
    }

    Object[] toArray() {
        return values.toArray();
    }
}
