package org.focaldistill.weights;

import java.util.Collection;
import java.util.List;
import org.focaldistill.weights.PickleValue.Opaque;

/** What stands where tensors are wanted. */
final class Misplaced {
    private static final String NAMED_STORAGE = "storage ";

    private Misplaced() {}

    /** A storage in pickle protocol 0, of which nothing but a name is left. */
    static Opaque namedStorage(String name) {
        return Opaque.tensor(NAMED_STORAGE + name);
    }

    /** Why it is not read and what to do, to end a message with. */
    static String reason(Collection<Opaque> objects) {
        List<String> calls = objects.stream()
                .filter(Opaque::isOfCall)
                .map(Opaque::kind)
                .distinct()
                .toList();
        if (!calls.isEmpty()) {
            return ": it calls " + String.join(", ", Shortened.list(calls)) + " when it is loaded in Python, which no"
                    + " tensor needs and which can run any program; it was not called. Use a file from a source you trust,"
                    + " or one that holds the model's state_dict() alone";
        }
        if (objects.stream().anyMatch(object -> object.kind().equals("numpy.ndarray"))) {
            return "; arrays of NumPy are not read: save them as tensors, with torch.save({name: torch.from_numpy(array)"
                    + " for name, array in arrays.items()}, file)";
        }
        if (objects.stream().anyMatch(object -> object.kind().startsWith(NAMED_STORAGE))) {
            return "; PyTorch itself can not read tensors of pickle protocol 0: save the model's state_dict() with torch.save"
                    + " and no pickle_protocol";
        }
        return "; save the model's state_dict(), of dense tensors of float32, with torch.save";
    }
}
