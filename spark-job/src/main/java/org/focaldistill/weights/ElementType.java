package org.focaldistill.weights;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The types of a tensor's elements that files of others have. */
enum ElementType {
    FLOAT16("float16", "Half", "F16", 2, true),
    BFLOAT16("bfloat16", "BFloat16", "BF16", 2, true),
    FLOAT32("float32", "Float", "F32", 4, true),
    FLOAT64("float64", "Double", "F64", 8, true),
    INT8("int8", "Char", "I8", 1, false),
    INT16("int16", "Short", "I16", 2, false),
    INT32("int32", "Int", "I32", 4, false),
    INT64("int64", "Long", "I64", 8, false),
    UINT8("uint8", "Byte", "U8", 1, false),
    UINT16("uint16", "UInt16", "U16", 2, false),
    UINT32("uint32", "UInt32", "U32", 4, false),
    UINT64("uint64", "UInt64", "U64", 8, false),
    BOOL("bool", "Bool", "BOOL", 1, false),
    COMPLEX32("complex32", "ComplexHalf", "", 4, false),
    COMPLEX64("complex64", "ComplexFloat", "C64", 8, false),
    COMPLEX128("complex128", "ComplexDouble", "", 16, false),
    QINT8("qint8", "QInt8", "", 1, false),
    QUINT8("quint8", "QUInt8", "", 1, false),
    QINT32("qint32", "QInt32", "", 4, false);

    private final String torch;
    private final String storage;
    private final String safetensors;
    private final int bytes;
    private final boolean floating;

    ElementType(String torch, String storage, String safetensors, int bytes, boolean floating) {
        this.torch = torch;
        this.storage = storage;
        this.safetensors = safetensors;
        this.bytes = bytes;
        this.floating = floating;
    }

    /** PyTorch's name, such as {@code float16}. */
    String torch() {
        return torch;
    }

    /** Those that safetensors have. */
    static Set<ElementType> ofSafetensors() {
        return Arrays.stream(values())
                .filter(type -> !type.safetensors.isEmpty())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(ElementType.class)));
    }

    /** The name in the header of a safetensors file, such as {@code F16}; empty if they do not have the type. */
    String safetensors() {
        return safetensors;
    }

    int bytes() {
        return bytes;
    }

    boolean floating() {
        return floating;
    }

    /** The type of which a class such as {@code HalfStorage} holds elements. */
    static Optional<ElementType> ofStorageClass(String name) {
        return Arrays.stream(values())
                .filter(type -> name.equals(type.storage + "Storage"))
                .findFirst();
    }

    static Optional<ElementType> ofTorch(String name) {
        return Arrays.stream(values()).filter(type -> name.equals(type.torch)).findFirst();
    }

    static Optional<ElementType> ofSafetensors(String name) {
        return Arrays.stream(values())
                .filter(type -> name.equals(type.safetensors))
                .findFirst();
    }

    /** The exact value of a floating point element in a little-endian buffer. */
    double read(ByteBuffer data, int position) {
        return switch (this) {
            case FLOAT16 -> Half.toFloat(data.getShort(position));
            case BFLOAT16 -> Float.intBitsToFloat(data.getShort(position) << 16);
            case FLOAT32 -> data.getFloat(position);
            case FLOAT64 -> data.getDouble(position);
            default -> throw new IllegalStateException(this + " is not a floating point type");
        };
    }
}
