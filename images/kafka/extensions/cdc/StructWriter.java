package cdc;

import io.debezium.data.Envelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/** Writes the structs of one schema as JSON objects. Columns that a {@link PartialRow} does not have are left out, and its NULLs are null. */
final class StructWriter implements JsonWriter {
    private static final byte[] UNCHANGED = name(',', "unchanged");

    private final Schema schema;
    private final FieldWriter[] fields;
    /** The last schema that was found to be equal. Debezium has two equal schemas, and to compare them field by field takes an eighth of a write. */
    private Schema knownEqual;

    private StructWriter(Schema schema, List<FieldWriter> fields) {
        this.schema = schema;
        this.fields = fields.toArray(FieldWriter[]::new);
        knownEqual = schema;
    }

    static Optional<JsonWriter> of(Schema schema, boolean nullIsDefault) {
        List<FieldWriter> writers = new ArrayList<>();
        for (Field field : schema.fields()) {
            Optional<JsonWriter> writer = JsonWriter.of(field.schema(), nullIsDefault);
            if (writer.isEmpty()) {
                return Optional.empty();
            }
            // A value is found faster by its place than by its name, but then a null becomes the default.
            boolean byPlace = nullIsDefault || field.schema().defaultValue() == null;
            boolean isNewRow = field.name().equals(Envelope.FieldName.AFTER);
            writers.add(new FieldWriter(name(writers.isEmpty() ? '{' : ',', field.name()), field, byPlace, isNewRow, writer.get()));
        }
        return Optional.of(new StructWriter(schema, writers));
    }

    /** The bytes before a value: {@code ,"name":}. */
    private static byte[] name(char before, String name) {
        JsonBytes written = new JsonBytes();
        written.raw(before);
        written.writeString(name);
        written.raw(':');
        return written.toByteArray();
    }

    @Override
    public void write(JsonBytes out, Object value) {
        Struct struct = (Struct) value;
        if (struct.schema() != knownEqual) {
            if (!struct.schema().equals(schema)) {
                throw new DataException("a struct of another schema");
            }
            knownEqual = struct.schema();
        }
        if (struct instanceof PartialRow row && row.isPartial()) {
            writeTold(out, row);
            return;
        }
        if (fields.length == 0) {
            out.raw('{');
        }
        for (FieldWriter each : fields) {
            out.raw(each.name);
            Object of = each.valueIn(struct);
            each.writer.write(out, of);
            if (each.isNewRow && of instanceof PartialRow row && row.isUntoldInPart()) {
                writeUnchanged(out, row);
            }
        }
        out.raw('}');
    }

    private void writeTold(JsonBytes out, PartialRow row) {
        char before = '{';
        for (FieldWriter each : fields) {
            if (row.tells(each.field)) {
                out.raw(before);
                out.raw(each.name, 1);
                if (row.isNull(each.field)) {
                    out.writeNull();
                } else {
                    each.writer.write(out, each.valueIn(row));
                }
                before = ',';
            }
        }
        if (before == '{') {
            out.raw('{');
        }
        out.raw('}');
    }

    /** Writes, beside a new row, the names of the columns that an UPDATE did not change and that the log does not have. */
    private static void writeUnchanged(JsonBytes out, PartialRow row) {
        out.raw(UNCHANGED);
        char before = '[';
        for (Field field : row.schema().fields()) {
            if (!row.tells(field)) {
                out.raw(before);
                out.writeString(field.name());
                before = ',';
            }
        }
        out.raw(']');
    }

    /** A field, and the bytes before its value. */
    private record FieldWriter(byte[] name, Field field, boolean byPlace, boolean isNewRow, JsonWriter writer) {
        Object valueIn(Struct struct) {
            return byPlace ? struct.get(field) : struct.getWithoutDefault(field.name());
        }
    }
}
