package cdc;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.json.JsonConverterConfig;

/**
 * Kafka's {@code JsonConverter} without its tree: the same configuration gives the same bytes. But Kafka's converter builds a tree of objects for
 * each record and then writes it, and this one writes each value at once.
 *
 * <p>It converts records without {@code schemas.enable} that are made of structs, arrays and plain values, which Debezium sends by default. It leaves
 * all other records to Kafka's own converter, and also those that do not fit their schema. So errors are the same, too.
 */
public final class StreamingJsonConverter extends JsonConverter {
    /** The buffer of the last record; null while a record is written. A task writes from one thread, so there is one buffer. */
    private final AtomicReference<JsonBytes> spare = new AtomicReference<>();
    private JsonConverterConfig config;
    /**
     * Writers by the record's schema; empty for a schema that is left to Kafka's converter. Schemas are found by identity. Debezium makes a table's
     * schema anew when Postgres describes the table, and to find out for each record that it equals the old one took a fifth of the time.
     */
    private final Map<Schema, Optional<JsonWriter>> writers = Collections.synchronizedMap(new IdentityHashMap<>());

    @Override
    public void configure(Map<String, ?> configs) {
        super.configure(configs);
        config = new JsonConverterConfig(configs);
        writers.clear();
    }

    @Override
    public byte[] fromConnectData(String topic, Schema schema, Object value) {
        if (value instanceof Struct && schema != null && !config.schemasEnabled()) {
            Optional<JsonWriter> writer = writerFor(schema);
            if (writer.isPresent()) {
                JsonBytes kept = spare.getAndSet(null);
                JsonBytes out = kept == null ? new JsonBytes() : kept.cleared();
                try {
                    writer.get().write(out, value);
                    return out.toByteArray();
                } catch (ClassCastException | DataException unfit) {
                    // Kafka's converter converts the value, or says what is wrong with it.
                } finally {
                    spare.set(out);
                }
            }
        }
        return super.fromConnectData(topic, schema, value);
    }

    private Optional<JsonWriter> writerFor(Schema schema) {
        Optional<JsonWriter> writer = writers.get(schema);
        if (writer == null) {
            if (writers.size() >= config.schemaCacheSize()) {
                writers.clear();
            }
            writer = JsonWriter.of(schema, config.replaceNullWithDefault());
            writers.put(schema, writer);
        }
        return writer;
    }
}
