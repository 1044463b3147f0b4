package org.focaldistill.weights;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A checkpoint as PyTorch writes it since 1.6: a zip file with a pickle {@code <folder>/data.pkl} and each storage's bytes
 * in {@code <folder>/data/<key>}.
 */
final class TorchArchive {
    private static final String PICKLE = "/data.pkl";
    /** The pickle of a model with ten thousand tensors has about a million bytes. */
    private static final long LARGEST_PICKLE = 64L << 20;

    private final ZipDirectory zip;
    private final Refusal refusal;
    private final String folder;

    private TorchArchive(byte[] file, Refusal refusal) throws InvalidModelException {
        this.zip = new ZipDirectory(file, refusal);
        this.refusal = refusal;
        this.folder = folder();
    }

    static NamedTensors read(byte[] file, Refusal refusal) throws InvalidModelException {
        TorchArchive archive = new TorchArchive(file, refusal);
        archive.requireLittleEndian();
        PickleInput pickle = new PickleInput(archive.pickle(), archive.folder + PICKLE, refusal);
        return TensorWalk.find(Pickle.read(pickle).value(), archive::storage, refusal);
    }

    private String folder() throws InvalidModelException {
        List<String> pickles = zip.names().stream()
                .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length())
                .toList();
        if (pickles.size() != 1) {
            throw refusal.because("it is a zip file with " + (pickles.isEmpty() ? "no" : pickles.size())
                    + " entries <name>/data.pkl, where a PyTorch checkpoint has one; it holds "
                    + Refusal.shown(zip.names().stream().limit(5).collect(Collectors.joining(", "))));
        }
        String found = pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
        String code = found + "/code/";
        if (zip.size(found + "/constants.pkl") != null
                || zip.names().stream().anyMatch(name -> name.startsWith(code))) {
            throw refusal.because("it is a TorchScript program and not a file of weights; load it in PyTorch with"
                    + " torch.jit.load and save its state_dict() with torch.save");
        }
        return found;
    }

    private void requireLittleEndian() throws InvalidModelException {
        String entry = folder + "/byteorder";
        Long size = zip.size(entry);
        if (size == null) {
            return;
        }
        String order = size > 16
                ? "?"
                : StandardCharsets.US_ASCII.decode(zip.read(entry)).toString();
        if (!order.equals("little")) {
            throw refusal.because("its byte order is '" + Refusal.shown(order)
                    + "'; little is read. Save it on a machine with an x86 or ARM processor");
        }
    }

    private ByteBuffer pickle() throws InvalidModelException {
        Long size = zip.size(folder + PICKLE);
        if (size != null && size > LARGEST_PICKLE) {
            throw refusal.because("its entry " + Refusal.shown(folder + PICKLE) + " has " + size + " bytes; at most "
                    + LARGEST_PICKLE + " are read");
        }
        return zip.read(folder + PICKLE);
    }

    private ByteBuffer storage(Storage storage) throws InvalidModelException {
        String entry = folder + "/data/" + storage.key();
        Long size = zip.size(entry);
        if (size != null && size != storage.byteCount()) {
            throw refusal.because("its zip entry " + Refusal.shown(entry) + " has " + size + " bytes; a storage of "
                    + storage.elements() + " elements of " + storage.type().torch() + " needs " + storage.byteCount());
        }
        return zip.read(entry);
    }
}
