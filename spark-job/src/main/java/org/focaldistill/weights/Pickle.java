package org.focaldistill.weights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.focaldistill.weights.PickleValue.Dict;
import org.focaldistill.weights.PickleValue.Global;
import org.focaldistill.weights.PickleValue.Opaque;
import org.focaldistill.weights.PickleValue.Sequence;

/**
 * Reads a pickle without doing what it asks for. A pickle is a program for a stack machine that may name any Python function
 * and call it. Here names stay names: the calls that PyTorch makes tensors and dictionaries by give these
 * ({@link PickleCalls}); what any other call would give, and any object, is a placeholder whose content is dropped.
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
    private final PickleStack stack;
    private final Map<Long, Object> memo = new HashMap<>();

    private Pickle(PickleInput input) {
        this.input = input;
        this.stack = new PickleStack(input);
        this.calls = new PickleCalls(input);
    }

    /**
     * Reads one pickle and leaves the input behind it.
     *
     * @throws InvalidModelException if it is damaged or too large
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
            int opcode = input.instruction();
            if (opcode == STOP) {
                return stack.pop();
            }
            boolean known = plain(opcode) || text(opcode) || collect(opcode) || recall(opcode) || object(opcode);
            if (!known) {
                throw input.invalid(String.format(
                        Locale.ROOT,
                        "0x%02x is no instruction that PyTorch writes: it is damaged or not from PyTorch",
                        opcode));
            }
        }
        throw input.invalid("it has more than " + MOST_STEPS + " steps, more than any checkpoint needs");
    }

    private boolean plain(int opcode) throws InvalidModelException {
        switch (opcode) {
            case 'N' -> stack.push(Opaque.NONE);
            case 0x88 -> stack.push(true);
            case 0x89 -> stack.push(false);
            case 'I', 'L' -> stack.push(input.decimalWhole());
            case 'J' -> stack.push((long) input.signedInt());
            case 'K' -> stack.push((long) input.unsignedByte());
            case 'M' -> stack.push((long) input.unsignedShort());
            case 0x8a -> stack.push(input.whole(input.unsignedByte()));
            case 0x8b -> stack.push(input.whole(input.signedInt()));
            case 'F' -> stack.push(input.decimalFloat());
            case 'G' -> stack.push(input.bigEndianDouble());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean text(int opcode) throws InvalidModelException {
        switch (opcode) {
            case 'V' -> stack.push(input.line());
            case 0x8c -> stack.push(input.utf8(input.unsignedByte()));
            case 'X' -> stack.push(input.utf8(input.unsignedInt()));
            case 0x8d -> stack.push(input.utf8(input.signedLong()));
            case 'S' -> stack.push(unquoted(input.line()));
            case 'T' -> stack.push(input.latin1(input.signedInt()));
            case 'U' -> stack.push(input.latin1(input.unsignedByte()));
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
        stack.push(Opaque.instance("bytes"));
    }

    private static String unquoted(String line) {
        return line.length() < 2 ? line : line.substring(1, line.length() - 1);
    }

    private boolean collect(int opcode) throws InvalidModelException {
        switch (opcode) {
            case '(' -> stack.mark();
            case '0' -> stack.drop();
            case '1' -> stack.popGroup();
            case '2' -> stack.push(stack.top());
            case ')', ']', 0x8f -> stack.push(new Sequence(new ArrayList<>(0)));
            case '}' -> stack.push(new Dict());
            case 't', 'l', 0x91 -> stack.push(new Sequence(stack.popGroup()));
            case 0x85 -> stack.push(new Sequence(stack.pop(1)));
            case 0x86 -> stack.push(new Sequence(stack.pop(2)));
            case 0x87 -> stack.push(new Sequence(stack.pop(3)));
            case 'd' -> {
                List<Object> items = stack.popGroup();
                stack.push(new Dict());
                put(items);
            }
            case 'a' -> append(stack.pop(1));
            case 'e', 0x90 -> append(stack.popGroup());
            case 's' -> put(stack.pop(2));
            case 'u' -> put(stack.popGroup());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void append(List<Object> items) throws InvalidModelException {
        if (stack.top() instanceof Sequence sequence) {
            sequence.items().addAll(items);
        } else if (!(stack.top() instanceof Opaque)) {
            throw input.invalid("items are added to something that is not a list: it is damaged");
        }
    }

    private void put(List<Object> items) throws InvalidModelException {
        if (items.size() % 2 != 0) {
            throw input.invalid("a key of a dictionary has no value: it is damaged");
        }
        if (stack.top() instanceof Dict dict) {
            for (int i = 0; i < items.size(); i += 2) {
                dict.put(items.get(i), items.get(i + 1));
            }
        } else if (!(stack.top() instanceof Opaque)) {
            throw input.invalid("entries are added to something that is not a dictionary: it is damaged");
        }
    }

    private boolean recall(int opcode) throws InvalidModelException {
        switch (opcode) {
            case 'p' -> memo.put(index(), stack.top());
            case 'q' -> memo.put((long) input.unsignedByte(), stack.top());
            case 'r' -> memo.put(input.unsignedInt(), stack.top());
            case 0x94 -> memo.put((long) memo.size(), stack.top());
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
        throw input.invalid("a value's number is none: it is damaged");
    }

    private void recall(Long index) throws InvalidModelException {
        Object value = memo.get(index);
        if (value == null) {
            throw input.invalid("value number " + index + " is used but was never kept: it is damaged");
        }
        stack.push(value);
    }

    private boolean object(int opcode) throws InvalidModelException {
        switch (opcode) {
            case 0x80 -> requireProtocol(input.unsignedByte());
            case 0x95 -> input.signedLong();
            case 'c' -> stack.push(global(input.line(), input.line()));
            case 0x93 -> {
                List<Object> names = stack.pop(2);
                stack.push(global(names.get(0), names.get(1)));
            }
            case 0x82 -> stack.push(extension(input.unsignedByte()));
            case 0x83 -> stack.push(extension(input.unsignedShort()));
            case 0x84 -> stack.push(extension(input.signedInt()));
            case 'R' -> {
                List<Object> call = stack.pop(2);
                stack.push(calls.result(call.get(0), call.get(1)));
            }
            case 'i' -> {
                Global type = global(input.line(), input.line());
                stack.push(calls.result(type, new Sequence(stack.popGroup())));
            }
            case 'o' -> stack.push(callOfGroup(stack.popGroup()));
            case 0x81 -> stack.push(calls.instance(stack.pop(2).get(0)));
            case 0x92 -> stack.push(calls.instance(stack.pop(3).get(0)));
            // An object's state is dropped; that of dictionaries and tensors says nothing about their elements.
            case 'b' -> stack.pop();
            case 'P' -> stack.push(Misplaced.namedStorage(input.line()));
            case 'Q' -> stack.push(calls.persistent(stack.pop()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void requireProtocol(int protocol) throws InvalidModelException {
        if (protocol > NEWEST_PROTOCOL) {
            throw input.invalid(
                    "it is written in pickle protocol " + protocol + "; up to " + NEWEST_PROTOCOL + " are read");
        }
    }

    private Global global(Object module, Object name) throws InvalidModelException {
        if (module instanceof String room
                && name instanceof String thing
                && room.length() <= LONGEST_NAME
                && thing.length() <= LONGEST_NAME) {
            return new Global(room, thing);
        }
        throw input.invalid("the name of a class is none: it is damaged");
    }

    /** A class or function that the program which wrote the pickle had registered under a number. */
    private static Global extension(int number) {
        return new Global("copyreg", "extension " + number);
    }

    /** Of a class, and the values it is called with. */
    private Object callOfGroup(List<Object> items) throws InvalidModelException {
        if (items.isEmpty()) {
            throw input.invalid("an object has no class: it is damaged");
        }
        return calls.result(items.get(0), new Sequence(items.subList(1, items.size())));
    }
}
