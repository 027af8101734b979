package cdc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/** Writes the structs of one schema as JSON objects. */
final class StructWriter implements JsonWriter {
    private final Schema schema;
    private final FieldWriter[] fields;
    /** Debezium keeps equal schemas twice, and comparing them field by field takes an eighth of a write. */
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
            // By its place is faster than by its name, but brings the default.
            boolean byPlace = nullIsDefault || field.schema().defaultValue() == null;
            writers.add(new FieldWriter(name(writers.isEmpty() ? '{' : ',', field.name()), field, byPlace, writer.get()));
        }
        return Optional.of(new StructWriter(schema, writers));
    }

    /** What stands before a value: {@code ,"name":}. */
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
        if (fields.length == 0) {
            out.raw('{');
        }
        for (FieldWriter each : fields) {
            out.raw(each.name);
            each.writer.write(out, each.byPlace ? struct.get(each.field) : struct.getWithoutDefault(each.field.name()));
        }
        out.raw('}');
    }

    private record FieldWriter(byte[] name, Field field, boolean byPlace, JsonWriter writer) {
    }
}
