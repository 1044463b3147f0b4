package org.focaldistill.weights;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes checkpoints by hand. */
final class TorchFiles {
    private TorchFiles() {}

    /** A pickle, instruction by instruction; strings are the characters 0 to 255. */
    static final class PickleWriter {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        PickleWriter() {
            op(0x80, 2);
        }

        PickleWriter op(int... instruction) {
            for (int part : instruction) {
                bytes.write(part);
            }
            return this;
        }

        PickleWriter text(String text) {
            byte[] utf8 = text.getBytes(UTF_8);
            return op('X').int32(utf8.length).raw(utf8);
        }

        PickleWriter number(long number) {
            return op(0x8a, 8).raw(littleEndian(8).putLong(number).array());
        }

        PickleWriter int32(int number) {
            return raw(littleEndian(4).putInt(number).array());
        }

        PickleWriter global(String module, String name) {
            return op('c').raw((module + "\n" + name + "\n").getBytes(UTF_8));
        }

        PickleWriter raw(byte[] raw) {
            bytes.writeBytes(raw);
            return this;
        }

        PickleWriter numbers(long... numbers) {
            op('(');
            for (long number : numbers) {
                number(number);
            }
            return op('t');
        }

        PickleWriter storage(String storageClass, String key, long elements) {
            String module = storageClass.equals("UntypedStorage") ? "torch.storage" : "torch";
            op('(').text("storage")
                    .global(module, storageClass)
                    .text(key)
                    .text("cuda:0")
                    .number(elements);
            return op('t', 'Q');
        }

        PickleWriter tensor(String storageClass, String key, long elements, long offset, long[] shape, long[] strides) {
            global("torch._utils", "_rebuild_tensor_v2").op('(').storage(storageClass, key, elements);
            number(offset).numbers(shape).numbers(strides).op(0x89, '}');
            return op('t', 'R');
        }

        byte[] stop() {
            return op('.').bytes.toByteArray();
        }
    }

    static PickleWriter pickle() {
        return new PickleWriter();
    }

    /** A dictionary with one tensor "a" of floats. */
    static byte[] oneTensor(long elements, long offset, long[] shape, long... strides) {
        return pickle().op('}')
                .text("a")
                .tensor("FloatStorage", "0", elements, offset, shape, strides)
                .op('s')
                .stop();
    }

    static byte[] floats(float... values) {
        ByteBuffer bytes = littleEndian(4 * values.length);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A zip file with a pickle and the storages by key, as PyTorch writes it. */
    static byte[] archive(byte[] pickle, Map<String, byte[]> storages) {
        Zip zip = new Zip().stored("x/data.pkl", pickle).stored("x/byteorder", "little".getBytes(UTF_8));
        storages.forEach((key, data) -> zip.stored("x/data/" + key, data));
        return zip.bytes();
    }

    /** The format before PyTorch 1.6, of one storage. */
    static byte[] legacy(byte[] object, String key, long count, byte[] data) {
        byte[] keys = pickle().op(']').text(key).op('a').stop();
        byte[] machine = pickle().op('}').text("little_endian").op(0x88, 's').stop();
        return concatenated(
                header(), machine, object, keys, littleEndian(8).putLong(count).array(), data);
    }

    static byte[] header() {
        byte[] magic = {0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19};
        return concatenated(
                pickle().op(0x8a, magic.length).raw(magic).stop(),
                pickle().number(1001).stop());
    }

    static byte[] concatenated(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    /** A zip file. */
    static final class Zip {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final ZipOutputStream zip = new ZipOutputStream(bytes);

        Zip stored(String name, byte[] content) {
            CRC32 crc = new CRC32();
            crc.update(content);
            ZipEntry entry = new ZipEntry(name);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(content.length);
            entry.setCrc(crc.getValue());
            return add(entry, content);
        }

        Zip deflated(String name, byte[] content) {
            return add(new ZipEntry(name), content);
        }

        private Zip add(ZipEntry entry, byte[] content) {
            try {
                zip.putNextEntry(entry);
                zip.write(content);
                zip.closeEntry();
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        byte[] bytes() {
            try {
                zip.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }
    }
}
