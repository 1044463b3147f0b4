package org.focaldistill.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.focaldistill.cuda.driver.CardMemory;
import org.focaldistill.cuda.driver.CardStream;

/** Maps in an arena, as they are stored there. */
record Maps(CardStream stream, Stored stored, CardMemory arena) {
    void upload(float[] values, long offset) {
        if (stored == Stored.FLOATS) {
            stream.upload(values, arena, offset);
            return;
        }
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putShort(bfloat(value));
        }
        stream.upload(bytes.array(), arena, offset);
    }

    float[] download(long offset, int count) {
        if (stored == Stored.FLOATS) {
            return stream.floats(arena, offset, count);
        }
        int[] pairs = stream.ints(arena, offset, (count + 1) / 2);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Float.intBitsToFloat(i % 2 == 0 ? pairs[i / 2] << 16 : pairs[i / 2] & 0xffff0000);
        }
        return values;
    }

    /** To what bfloat16s there are. */
    static void round(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(bfloat(values[i]) << 16);
        }
    }

    /** The nearest, of an even last bit where two are. */
    static short bfloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
