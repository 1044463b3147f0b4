package org.focaldistill.weights;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.focaldistill.weights.PickleValue.Dict;
import org.focaldistill.weights.PickleValue.Global;
import org.focaldistill.weights.PickleValue.Opaque;
import org.focaldistill.weights.PickleValue.Sequence;

/**
 * Reads a pickle without doing what it asks for. A pickle is a program for a stack machine that may name any Python function
 * and call it. Here names stay names: of the calls, those that PyTorch's own files make give plain values
 * ({@link PickleCalls}), all others end the reading, and objects become placeholders whose content is dropped.
 *
 * <p>Opcodes: <a href="https://github.com/python/cpython/blob/3.12/Lib/pickle.py">pickle.py</a>, protocols 0 to 5.
 */
final class Pickle {
    /** A checkpoint has about 50 steps for each tensor; each step makes one small object at most. */
    private static final int MOST_STEPS = 2_000_000;

    private static final int LONGEST_NAME = 256;
    private static final int NEWEST_PROTOCOL = 5;
    private static final int STOP = '.';

    private final PickleInput input;
    private final PickleCalls calls;
    private final List<Object> stack = new ArrayList<>();
    /** The heights of the stack at which the open groups begin. */
    private final Deque<Integer> marks = new ArrayDeque<>();

    private final Map<Long, Object> memo = new HashMap<>();
    private int start;

    private Pickle(PickleInput input) {
        this.input = input;
        this.calls = new PickleCalls(input);
    }

    /**
     * Reads one pickle and leaves the input behind it.
     *
     * @throws InvalidModelException if it is damaged, calls a function that PyTorch's files do not, or is too large
     */
    static Result read(PickleInput input) throws InvalidModelException {
        Pickle pickle = new Pickle(input);
        return new Result(pickle.run(), pickle.calls.storages());
    }

    /**
     * What a pickle holds.
     *
     * @param value a {@link PickleValue}, string, number or boolean
     * @param storages all that it names, by key
     */
    record Result(Object value, Map<String, Storage> storages) {}

    private Object run() throws InvalidModelException {
        for (int step = 0; step < MOST_STEPS; step++) {
            start = input.position();
            int opcode = input.unsignedByte();
            if (opcode == STOP) {
                return pop();
            }
            boolean known = plain(opcode) || text(opcode) || collect(opcode) || recall(opcode) || object(opcode);
            if (!known) {
                throw input.invalid(
                        start,
                        "0x%02x is no instruction that PyTorch writes: it is damaged or not from PyTorch"
                                .formatted(opcode));
            }
        }
        throw input.invalid(start, "it has more than " + MOST_STEPS + " steps, more than any checkpoint needs");
    }

    private boolean plain(int opcode) throws InvalidModelException {
        switch (opcode) {
            case 'N' -> stack.add(Opaque.NONE);
            case 0x88 -> stack.add(true);
            case 0x89 -> stack.add(false);
            case 'I', 'L' -> stack.add(input.decimalWhole());
            case 'J' -> stack.add((long) input.signedInt());
            case 'K' -> stack.add((long) input.unsignedByte());
            case 'M' -> stack.add((long) input.unsignedShort());
            case 0x8a -> stack.add(input.whole(input.unsignedByte()));
            case 0x8b -> stack.add(input.whole(input.signedInt()));
            case 'F' -> stack.add(input.decimalFloat());
            case 'G' -> stack.add(input.bigEndianDouble());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean text(int opcode) throws InvalidModelException {
        switch (opcode) {
            case 'V' -> stack.add(input.line());
            case 0x8c -> stack.add(input.utf8(input.unsignedByte()));
            case 'X' -> stack.add(input.utf8(input.unsignedInt()));
            case 0x8d -> stack.add(input.utf8(input.signedLong()));
            case 'S' -> stack.add(unquoted(input.line()));
            case 'T' -> stack.add(input.latin1(input.signedInt()));
            case 'U' -> stack.add(input.latin1(input.unsignedByte()));
            case 'C' -> bytes(input.unsignedByte());
            case 'B' -> bytes(input.unsignedInt());
            case 0x8e, 0x96 -> bytes(input.signedLong());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void bytes(long length) throws InvalidModelException {
        input.skip(length);
        stack.add(new Opaque("bytes"));
    }

    private static String unquoted(String line) {
        return line.length() < 2 ? line : line.substring(1, line.length() - 1);
    }

    private boolean collect(int opcode) throws InvalidModelException {
        switch (opcode) {
            case '(' -> marks.push(stack.size());
            case '0' -> drop();
            case '1' -> popGroup();
            case '2' -> stack.add(top());
            case ')', ']', 0x8f -> stack.add(new Sequence(new ArrayList<>(0)));
            case '}' -> stack.add(new Dict());
            case 't', 'l', 0x91 -> stack.add(new Sequence(popGroup()));
            case 0x85 -> stack.add(new Sequence(pop(1)));
            case 0x86 -> stack.add(new Sequence(pop(2)));
            case 0x87 -> stack.add(new Sequence(pop(3)));
            case 'd' -> {
                List<Object> items = popGroup();
                stack.add(new Dict());
                put(items);
            }
            case 'a' -> append(pop(1));
            case 'e', 0x90 -> append(popGroup());
            case 's' -> put(pop(2));
            case 'u' -> put(popGroup());
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Python's own machine lets this instruction remove a mark, too. */
    private void drop() throws InvalidModelException {
        if (!marks.isEmpty() && marks.peek() == stack.size()) {
            marks.pop();
        } else {
            pop();
        }
    }

    private void append(List<Object> items) throws InvalidModelException {
        if (top() instanceof Sequence sequence) {
            sequence.items().addAll(items);
        } else if (!(top() instanceof Opaque)) {
            throw input.invalid(start, "items are added to something that is not a list: it is damaged");
        }
    }

    private void put(List<Object> items) throws InvalidModelException {
        if (items.size() % 2 != 0) {
            throw input.invalid(start, "a key of a dictionary has no value: it is damaged");
        }
        if (top() instanceof Dict dict) {
            for (int i = 0; i < items.size(); i += 2) {
                dict.items().put(items.get(i), items.get(i + 1));
            }
        } else if (!(top() instanceof Opaque)) {
            throw input.invalid(start, "entries are added to something that is not a dictionary: it is damaged");
        }
    }

    private boolean recall(int opcode) throws InvalidModelException {
        switch (opcode) {
            case 'p' -> memo.put(index(), top());
            case 'q' -> memo.put((long) input.unsignedByte(), top());
            case 'r' -> memo.put(input.unsignedInt(), top());
            case 0x94 -> memo.put((long) memo.size(), top());
            case 'g' -> recall(index());
            case 'h' -> recall((long) input.unsignedByte());
            case 'j' -> recall(input.unsignedInt());
            default -> {
                return false;
            }
        }
        return true;
    }

    private Long index() throws InvalidModelException {
        if (input.decimalWhole() instanceof Long index) {
            return index;
        }
        throw input.invalid(start, "a value's number is none: it is damaged");
    }

    private void recall(Long index) throws InvalidModelException {
        Object value = memo.get(index);
        if (value == null) {
            throw input.invalid(start, "value number " + index + " is used but was never kept: it is damaged");
        }
        stack.add(value);
    }

    private boolean object(int opcode) throws InvalidModelException {
        switch (opcode) {
            case 0x80 -> requireProtocol(input.unsignedByte());
            case 0x95 -> input.signedLong();
            case 'c' -> stack.add(global(input.line(), input.line()));
            case 0x93 -> {
                List<Object> names = pop(2);
                stack.add(global(names.get(0), names.get(1)));
            }
            case 'R' -> {
                List<Object> call = pop(2);
                stack.add(calls.result(call.get(0), call.get(1), start));
            }
            // What protocol 0 calls a class by.
            case 'i' -> throw calls.refused(global(input.line(), input.line()), start);
            case 'o' -> throw calls.refused(first(popGroup()), start);
            case 0x81 -> stack.add(instance(pop(2).get(0)));
            case 0x92 -> stack.add(instance(pop(3).get(0)));
            // An object's state is dropped; that of dictionaries and tensors says nothing about their elements.
            case 'b' -> pop();
            case 'Q' -> stack.add(calls.persistent(pop(), start));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void requireProtocol(int protocol) throws InvalidModelException {
        if (protocol > NEWEST_PROTOCOL) {
            throw input.invalid(
                    start, "it is written in pickle protocol " + protocol + "; up to " + NEWEST_PROTOCOL + " are read");
        }
    }

    private Global global(Object module, Object name) throws InvalidModelException {
        if (module instanceof String room
                && name instanceof String thing
                && room.length() <= LONGEST_NAME
                && thing.length() <= LONGEST_NAME) {
            return new Global(room, thing);
        }
        throw input.invalid(start, "the name of a class is none: it is damaged");
    }

    private Object instance(Object type) throws InvalidModelException {
        if (type instanceof Global global) {
            return calls.instance(global);
        }
        throw input.invalid(start, "an object's class is not a name: it is damaged");
    }

    private static Object first(List<Object> items) {
        return items.isEmpty() ? Opaque.NONE : items.get(0);
    }

    private Object top() throws InvalidModelException {
        requireItems(1);
        return stack.get(stack.size() - 1);
    }

    private Object pop() throws InvalidModelException {
        requireItems(1);
        return stack.remove(stack.size() - 1);
    }

    /** The topmost items, lowest first. */
    private List<Object> pop(int count) throws InvalidModelException {
        requireItems(count);
        return popFrom(stack.size() - count);
    }

    /** The items above the last mark, lowest first. */
    private List<Object> popGroup() throws InvalidModelException {
        if (marks.isEmpty()) {
            throw input.invalid(start, "a group ends that was never begun: it is damaged");
        }
        return popFrom(marks.pop());
    }

    private List<Object> popFrom(int height) {
        List<Object> above = stack.subList(height, stack.size());
        List<Object> items = new ArrayList<>(above);
        above.clear();
        return items;
    }

    private void requireItems(int count) throws InvalidModelException {
        int floor = marks.isEmpty() ? 0 : marks.peek();
        if (stack.size() - floor < count) {
            throw input.invalid(start, "a value is used that was never made: it is damaged");
        }
    }
}
