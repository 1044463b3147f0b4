package org.focaldistill.weights;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle, read forward; every length is checked against what is left before anything is allocated. */
final class PickleInput {
    /** Far above PyTorch's magic number; the work of reading one grows with the square of its length. */
    private static final int LONGEST_NUMBER = 256;

    private final ByteBuffer bytes;
    private final String place;
    private final Refusal refusal;
    private int instruction;

    /**
     * @param bytes from the pickle's first byte on
     * @param place where they are in the file, for messages
     */
    PickleInput(ByteBuffer bytes, String place, Refusal refusal) {
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.place = place;
        this.refusal = refusal;
    }

    int position() {
        return bytes.position();
    }

    /** What follows the bytes read so far. */
    ByteBuffer rest() {
        return bytes.slice();
    }

    /** The next instruction, at which {@link #invalid(String)} says that something is wrong. */
    int instruction() throws InvalidModelException {
        instruction = position();
        return unsignedByte();
    }

    /** That something is wrong with the last instruction or what it is to work on. */
    InvalidModelException invalid(String what) {
        return invalid(instruction, what);
    }

    InvalidModelException invalid(int position, String what) {
        return refusal.because("at byte " + position + " of " + place + ": " + what);
    }

    int unsignedByte() throws InvalidModelException {
        require(1);
        return Byte.toUnsignedInt(bytes.get());
    }

    int unsignedShort() throws InvalidModelException {
        require(Short.BYTES);
        return Short.toUnsignedInt(bytes.getShort());
    }

    int signedInt() throws InvalidModelException {
        require(Integer.BYTES);
        return bytes.getInt();
    }

    long unsignedInt() throws InvalidModelException {
        return Integer.toUnsignedLong(signedInt());
    }

    long signedLong() throws InvalidModelException {
        require(Long.BYTES);
        return bytes.getLong();
    }

    /** A floating point number, the one kind that is big-endian. */
    double bigEndianDouble() throws InvalidModelException {
        return Double.longBitsToDouble(Long.reverseBytes(signedLong()));
    }

    String utf8(long length) throws InvalidModelException {
        return new String(take(length), StandardCharsets.UTF_8);
    }

    String latin1(long length) throws InvalidModelException {
        return new String(take(length), StandardCharsets.ISO_8859_1);
    }

    void skip(long length) throws InvalidModelException {
        require(length);
        bytes.position(bytes.position() + (int) length);
    }

    /** A little-endian two's complement number. */
    Object whole(long length) throws InvalidModelException {
        if (length > LONGEST_NUMBER) {
            throw invalid(position(), "a whole number of " + length + " bytes");
        }
        byte[] number = take(length);
        for (int i = 0, j = number.length - 1; i < j; i++, j--) {
            byte swapped = number[i];
            number[i] = number[j];
            number[j] = swapped;
        }
        return shortened(number.length == 0 ? BigInteger.ZERO : new BigInteger(number));
    }

    /** A whole number written in decimal on a line of its own; 00 and 01 are false and true. */
    Object decimalWhole() throws InvalidModelException {
        int position = position();
        String text = line();
        if (text.equals("00") || text.equals("01")) {
            return text.equals("01");
        }
        String digits = text.endsWith("L") ? text.substring(0, text.length() - 1) : text;
        if (digits.length() > LONGEST_NUMBER || !digits.matches("[+-]?[0-9]+")) {
            throw invalid(position, "'" + Refusal.shown(text) + "' where a whole number belongs");
        }
        return shortened(new BigInteger(digits));
    }

    private static Object shortened(BigInteger number) {
        return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }

    double decimalFloat() throws InvalidModelException {
        int position = position();
        String text = line();
        try {
            return switch (text) {
                case "nan" -> Double.NaN;
                case "inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                default -> Double.parseDouble(text);
            };
        } catch (NumberFormatException e) {
            throw invalid(position, "'" + Refusal.shown(text) + "' where a number belongs");
        }
    }

    /** The bytes up to the next line feed, which is read too. */
    String line() throws InvalidModelException {
        int length = 0;
        while (length < bytes.remaining() && bytes.get(bytes.position() + length) != '\n') {
            length++;
        }
        String line = utf8(length);
        require(1);
        bytes.get();
        return line;
    }

    private byte[] take(long length) throws InvalidModelException {
        require(length);
        byte[] taken = new byte[(int) length];
        bytes.get(taken);
        return taken;
    }

    private void require(long length) throws InvalidModelException {
        if (length < 0 || length > bytes.remaining()) {
            throw invalid(
                    position(),
                    (length < 0 ? "a length below zero" : length + " bytes") + " should follow, " + bytes.remaining()
                            + " are left: it is cut short or damaged");
        }
    }
}
