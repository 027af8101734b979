package cdc;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A buffer to which JSON is written: the same bytes that Jackson's generator would make of the same values. Jackson keeps track of its place in the
 * document, object by object. A writer that follows a schema knows the place. For one thread.
 */
final class JsonBytes {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final int FIRST_BYTES = 1024;
    /** The largest buffer that is kept. A row of megabytes must not hold its buffer until the next such row. */
    private static final int MOST_BYTES_KEPT = 64 * 1024;
    private static final int MOST_DIGITS = 20;
    private static final int MOST_BYTES_A_CHARACTER = 6;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;

    /** Empties the buffer. @return this buffer */
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

    /** Writes bytes that are JSON already, such as a name with its colon. */
    void raw(byte[] json) {
        raw(json, 0);
    }

    /** Writes such bytes from the place {@code from} on. */
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

    /** JSON has no infinities and no NaN: they are written as strings. */
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
        // Enough room even if each character needs a backslash.
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

    /** Writes any text. A character that takes four bytes in UTF-8 is written as the escapes of its two halves, as Jackson does it. */
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
