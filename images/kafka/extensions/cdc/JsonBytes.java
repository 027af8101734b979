package cdc;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * JSON as it is written: the bytes that Jackson's generator would make of the same values. That one keeps account of
 * where in the document it is, object by object, which whoever writes by a schema knows. Of one thread.
 */
final class JsonBytes {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final int FIRST_BYTES = 1024;
    /** A row of megabytes must not hold them until the next one of its kind. */
    private static final int MOST_BYTES_KEPT = 64 * 1024;
    private static final int MOST_DIGITS = 20;
    private static final int MOST_BYTES_A_CHARACTER = 6;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;

    /** Begins anew. */
    JsonBytes cleared() {
        if (bytes.length > MOST_BYTES_KEPT) {
            bytes = new byte[FIRST_BYTES];
        }
        length = 0;
        return this;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** What is JSON already: a name with its colon, for example. */
    void raw(byte[] json) {
        raw(json, 0);
    }

    /** The same without its beginning. */
    void raw(byte[] json, int from) {
        int count = json.length - from;
        room(count);
        System.arraycopy(json, from, bytes, length, count);
        length += count;
    }

    void raw(char json) {
        room(1);
        bytes[length++] = (byte) json;
    }

    void writeNull() {
        raw(NULL);
    }

    void writeBoolean(boolean value) {
        raw(value ? TRUE : FALSE);
    }

    void writeNumber(long value) {
        room(MOST_DIGITS);
        length = NumberOutput.outputLong(value, bytes, length);
    }

    /** JSON has no infinities, nor what is no number: they are strings. */
    void writeNumber(double value) {
        writeDecimal(Double.toString(value), Double.isFinite(value));
    }

    void writeNumber(float value) {
        writeDecimal(Float.toString(value), Float.isFinite(value));
    }

    private void writeDecimal(String shown, boolean finite) {
        if (finite) {
            raw(shown.getBytes(StandardCharsets.US_ASCII));
        } else {
            writeString(shown);
        }
    }

    void writeString(String text) {
        int characters = text.length();
        // Were each character one with a backslash before it.
        room(2 * characters + 2);
        byte[] to = bytes;
        int at = length;
        to[at++] = '"';
        for (int i = 0; i < characters; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                writeEncoded(text);
                return;
            }
            if (c == '"' || c == '\\') {
                to[at++] = '\\';
            }
            to[at++] = (byte) c;
        }
        to[at++] = '"';
        length = at;
    }

    /** Any text. Where UTF-8 would need four bytes, Jackson writes the two halves as escapes. */
    private void writeEncoded(String text) {
        raw('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            room(MOST_BYTES_A_CHARACTER);
            if (c < ' ' || Character.isSurrogate(c)) {
                escape(c);
            } else if (c < 0x80) {
                if (c == '"' || c == '\\') {
                    bytes[length++] = '\\';
                }
                bytes[length++] = (byte) c;
            } else if (c < 0x800) {
                bytes[length++] = (byte) (0xc0 | c >> 6);
                bytes[length++] = (byte) (0x80 | c & 0x3f);
            } else {
                bytes[length++] = (byte) (0xe0 | c >> 12);
                bytes[length++] = (byte) (0x80 | c >> 6 & 0x3f);
                bytes[length++] = (byte) (0x80 | c & 0x3f);
            }
        }
        raw('"');
    }

    private void escape(char c) {
        bytes[length++] = '\\';
        int letter = "\b\t\n\f\r".indexOf(c);
        if (letter >= 0) {
            bytes[length++] = (byte) "btnfr".charAt(letter);
            return;
        }
        bytes[length++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            bytes[length++] = (byte) "0123456789ABCDEF".charAt(c >> shift & 0xf);
        }
    }

    void writeBinary(byte[] value) {
        raw('"');
        raw(Base64.getEncoder().encode(value));
        raw('"');
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(length, more)));
        }
    }
}
