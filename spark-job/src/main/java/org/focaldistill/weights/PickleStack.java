package org.focaldistill.weights;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The values a pickle is about to use, lowest first, and the marks at which its open groups begin. */
final class PickleStack {
    private final PickleInput input;
    private final List<Object> values = new ArrayList<>();
    /** Heights. */
    private final Deque<Integer> marks = new ArrayDeque<>();

    PickleStack(PickleInput input) {
        this.input = input;
    }

    void push(Object value) {
        values.add(value);
    }

    void mark() {
        marks.push(values.size());
    }

    Object top() throws InvalidModelException {
        require(1);
        return values.get(values.size() - 1);
    }

    Object pop() throws InvalidModelException {
        require(1);
        return values.remove(values.size() - 1);
    }

    /** The topmost values, lowest first. */
    List<Object> pop(int count) throws InvalidModelException {
        require(count);
        return popFrom(values.size() - count);
    }

    /** The values above the last mark, lowest first. */
    List<Object> popGroup() throws InvalidModelException {
        if (marks.isEmpty()) {
            throw input.invalid("a group ends that was never begun: it is damaged");
        }
        return popFrom(marks.pop());
    }

    /** Removes a value or, as Python's own machine does, a mark. */
    void drop() throws InvalidModelException {
        if (!marks.isEmpty() && marks.peek() == values.size()) {
            marks.pop();
        } else {
            pop();
        }
    }

    private List<Object> popFrom(int height) {
        List<Object> above = values.subList(height, values.size());
        List<Object> popped = new ArrayList<>(above);
        above.clear();
        return popped;
    }

    private void require(int count) throws InvalidModelException {
        int floor = marks.isEmpty() ? 0 : marks.peek();
        if (values.size() - floor < count) {
            throw input.invalid("a value is used that was never made: it is damaged");
        }
    }
}
