package cdc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;

/** Writes the values of one schema as Kafka's {@code JsonConverter} does. */
@FunctionalInterface
interface JsonWriter {
    /**
     * Writes one value.
     *
     * @throws ClassCastException the value is not of the schema's type
     * @throws DataException the value is null and must not be, or a struct of another schema
     */
    void write(JsonBytes out, Object value);

    /** Connect's logical types, for which {@code JsonConverter} has forms of its own. */
    Set<String> LOGICAL = Set.of(Date.LOGICAL_NAME, Time.LOGICAL_NAME, Timestamp.LOGICAL_NAME, Decimal.LOGICAL_NAME);

    /** The writer for a schema; none when the schema contains a map or one of Connect's logical types. */
    static Optional<JsonWriter> of(Schema schema, boolean nullIsDefault) {
        if (schema.name() != null && LOGICAL.contains(schema.name())) {
            return Optional.empty();
        }
        return ofType(schema, nullIsDefault).map(writer -> (out, value) -> {
            Object shown = value == null && nullIsDefault ? schema.defaultValue() : value;
            if (shown != null) {
                writer.write(out, shown);
            } else if (schema.isOptional()) {
                out.writeNull();
            } else {
                throw new DataException("null in a field that must have a value");
            }
        });
    }

    private static Optional<JsonWriter> ofType(Schema schema, boolean nullIsDefault) {
        return switch (schema.type()) {
            case INT8 -> Optional.of((out, value) -> out.writeNumber((Byte) value));
            case INT16 -> Optional.of((out, value) -> out.writeNumber((Short) value));
            case INT32 -> Optional.of((out, value) -> out.writeNumber((Integer) value));
            case INT64 -> Optional.of((out, value) -> out.writeNumber((Long) value));
            case FLOAT32 -> Optional.of((out, value) -> out.writeNumber((Float) value));
            case FLOAT64 -> Optional.of((out, value) -> out.writeNumber((Double) value));
            case BOOLEAN -> Optional.of((out, value) -> out.writeBoolean((Boolean) value));
            case STRING -> PostgresTextConverter.SCHEMA.equals(schema.name())
                    ? Optional.of((out, value) -> out.raw(((String) value).getBytes(StandardCharsets.UTF_8)))
                    : Optional.of((out, value) -> out.writeString(((CharSequence) value).toString()));
            case BYTES -> Optional.of((out, value) ->
                    out.writeBinary(value instanceof ByteBuffer buffer ? buffer.array() : (byte[]) value));
            case ARRAY -> of(schema.valueSchema(), nullIsDefault).map(JsonWriter::ofArray);
            case STRUCT -> StructWriter.of(schema, nullIsDefault);
            case MAP -> Optional.empty();
        };
    }

    private static JsonWriter ofArray(JsonWriter element) {
        return (out, value) -> {
            char before = '[';
            for (Object each : (Collection<?>) value) {
                out.raw(before);
                element.write(out, each);
                before = ',';
            }
            if (before == '[') {
                out.raw('[');
            }
            out.raw(']');
        };
    }
}
