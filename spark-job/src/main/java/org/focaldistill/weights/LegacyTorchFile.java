package org.focaldistill.weights;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.focaldistill.weights.PickleValue.Dict;
import org.focaldistill.weights.PickleValue.Sequence;

/**
 * A checkpoint as PyTorch wrote it before 1.6: five pickles (a magic number, a version, facts about the machine, the object,
 * the keys of its storages), then for each key a count of elements, 64 bits, and the elements, all little-endian.
 */
final class LegacyTorchFile {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long VERSION = 1001;
    /** Of dictionaries and lists that pickle.dump writes in protocols 0 and 1. */
    private static final List<String> OLD_STARTS =
            List.of("(dp0\n", "(dp1\n", "(lp0\n", "(lp1\n", "}q\0", "]q\0", "ccollections\nOrderedDict\n");

    private static final String WHERE = "the file";

    private final ByteBuffer file;
    private final Refusal refusal;
    private final Map<String, Storage> declared = new HashMap<>();
    private final Map<String, ByteBuffer> storages = new HashMap<>();

    private LegacyTorchFile(byte[] file, Refusal refusal) {
        this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        this.refusal = refusal;
    }

    /** Whether a file may begin with a pickle, of protocol 2 and later or of protocols 0 and 1. */
    static boolean mayBe(byte[] file) {
        boolean binary = file.length > 1 && file[0] == (byte) 0x80 && file[1] >= 2 && file[1] <= 5;
        FileStart start = new FileStart(file);
        return binary || start.begins("L" + MAGIC) || OLD_STARTS.stream().anyMatch(start::begins);
    }

    static NamedTensors read(byte[] file, Refusal refusal) throws InvalidModelException {
        return new LegacyTorchFile(file, refusal).read();
    }

    private NamedTensors read() throws InvalidModelException {
        PickleInput input = new PickleInput(file, WHERE, refusal);
        requireHeader(input);
        Pickle.Result object = Pickle.read(input);
        declared.putAll(object.storages());
        Object keys = Pickle.read(input).value();
        findStorages(keys, input);
        return TensorWalk.find(object.value(), this::storage, refusal);
    }

    private void requireHeader(PickleInput input) throws InvalidModelException {
        Object magic = Pickle.read(input).value();
        if (!MAGIC.equals(magic)) {
            throw refusal.because("it is a pickle of Python's own, as pickle.dump writes it, and not from torch.save; "
                    + TensorWalk.withoutTensors(magic, refusal));
        }
        Object version = Pickle.read(input).value();
        if (!version.equals(VERSION)) {
            throw refusal.because("it has another version of PyTorch's old format than " + VERSION
                    + ", or is damaged; load it in PyTorch and save it anew with torch.save");
        }
        Object machine = Pickle.read(input).value();
        if (!(machine instanceof Dict facts)
                || !Boolean.TRUE.equals(facts.items().get("little_endian"))) {
            throw refusal.because("it does not say that it was written on a little-endian machine, the kind that is"
                    + " read; save it anew on a machine with an x86 or ARM processor");
        }
    }

    private void findStorages(Object keys, PickleInput input) throws InvalidModelException {
        if (!(keys instanceof Sequence sequence)) {
            throw input.invalid(input.position(), "no list of storages ends here: it is damaged");
        }
        for (Object key : sequence.items()) {
            Storage storage = key instanceof String ? declared.get(key) : null;
            if (storage == null || storages.containsKey(storage.key())) {
                throw input.invalid(
                        input.position(),
                        "a storage follows that no tensor has, or none of a type that is read, or that came before");
            }
            int start = input.position();
            long count = input.signedLong();
            if (count != storage.elements()) {
                throw input.invalid(
                        start,
                        "storage " + Refusal.shown(storage.key()) + " of " + storage.elements()
                                + " elements is said to have " + count);
            }
            int begin = input.position();
            input.skip(storage.byteCount());
            storages.put(storage.key(), file.slice(begin, (int) storage.byteCount()));
        }
        if (input.position() != file.capacity()) {
            throw input.invalid(
                    input.position(),
                    (file.capacity() - input.position()) + " bytes more follow than its tensors need");
        }
    }

    private ByteBuffer storage(Storage storage) throws InvalidModelException {
        ByteBuffer bytes = storages.get(storage.key());
        if (bytes == null) {
            throw refusal.because("storage " + Refusal.shown(storage.key()) + " is missing");
        }
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
}
