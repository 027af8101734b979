package cdc;

import io.debezium.config.CommonConnectorConfig;
import io.debezium.connector.postgresql.PostgresSourceInfoStructMaker;
import io.debezium.connector.postgresql.SourceInfo;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** Adds to a record's {@code source} where its event stands among all: {@link EventOrder}. The names are SQL Server's. */
public final class OrderedSource extends PostgresSourceInfoStructMaker {
    private static final String COMMIT_LSN = "commit_lsn";
    private static final String SERIAL_NO = "event_serial_no";

    private Schema schema;

    @Override
    public void init(String connector, String version, CommonConnectorConfig config) {
        super.init(connector, version, config);
        Schema own = super.schema();
        SchemaBuilder more = SchemaBuilder.struct().name(own.name()).version(own.version());
        own.fields().forEach(field -> more.field(field.name(), field.schema()));
        schema = more.field(COMMIT_LSN, Schema.OPTIONAL_INT64_SCHEMA).field(SERIAL_NO, Schema.OPTIONAL_INT64_SCHEMA).build();
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public Struct struct(SourceInfo source) {
        Struct struct = super.struct(source);
        if (isOfSnapshot(struct.getString(SourceInfo.SNAPSHOT_KEY))) {
            // A row as it was where the snapshot was taken: all that commits there or later is newer.
            return struct.put(COMMIT_LSN, struct.getInt64(SourceInfo.LSN_KEY)).put(SERIAL_NO, 0L);
        }
        // A row of an incremental snapshot is as new as the event with which its chunk ended.
        EventOrder order = EventOrder.current();
        return order.isKnown() ? struct.put(COMMIT_LSN, order.commitLsn()).put(SERIAL_NO, order.serialNo()) : struct;
    }

    private static boolean isOfSnapshot(String snapshot) {
        return snapshot != null && !snapshot.equals("false") && !snapshot.equals("incremental");
    }
}
