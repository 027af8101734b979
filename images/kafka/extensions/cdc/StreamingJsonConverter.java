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
 * Kafka's {@code JsonConverter} without its detour: the same bytes from the same configuration, but written as they
 * come, where that one builds a tree of objects for each record and then writes the tree.
 *
 * <p>It takes records without {@code schemas.enable} made of structs, arrays and plain values, which is what Debezium
 * sends unless told otherwise. All else, and whatever does not fit its schema, goes to Kafka's own converter: also its
 * errors are the same.
 */
public final class StreamingJsonConverter extends JsonConverter {
    /** What the last record was written into; none while one is being written. A task writes from one thread, so there is one. */
    private final AtomicReference<JsonBytes> spare = new AtomicReference<>();
    private JsonConverterConfig config;
    /**
     * By a record's schema, empty where Kafka's converter must do it. By identity: Debezium makes a table's schema anew
     * when Postgres describes the table, and to find out for each record that it equals the old one took a fifth of the time.
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
                    // Kafka's converter takes it, or says what is wrong with it.
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
