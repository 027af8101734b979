package cdc;

import io.debezium.config.CommonConnectorConfig;
import io.debezium.connector.postgresql.PostgresSourceInfoStructMaker;
import io.debezium.connector.postgresql.SourceInfo;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/**
 * Adds the place of the event among all events to a record's {@code source}: {@link EventOrder}. The fields have the names that Debezium uses for SQL
 * Server.
 */
public final class OrderedSource extends PostgresSourceInfoStructMaker {
    static final String COMMIT_LSN = "commit_lsn";
    static final String SERIAL_NO = "event_serial_no";

    private Schema schema;
    /** Fields of the schema. With names, they would be looked up for each record. */
    private Field commitLsn;
    private Field serialNo;
    private Field snapshot;
    /** The order of the thread that reads the stream; null before the first event. */
    private volatile EventOrder streamed;

    @Override
    public void init(String connector, String version, CommonConnectorConfig config) {
        super.init(connector, version, config);
        Schema own = super.schema();
        SchemaBuilder more = SchemaBuilder.struct().name(own.name()).version(own.version());
        own.fields().forEach(field -> more.field(field.name(), field.schema()));
        schema = more.field(COMMIT_LSN, Schema.OPTIONAL_INT64_SCHEMA).field(SERIAL_NO, Schema.OPTIONAL_INT64_SCHEMA).build();
        commitLsn = schema.field(COMMIT_LSN);
        serialNo = schema.field(SERIAL_NO);
        snapshot = schema.field(SourceInfo.SNAPSHOT_KEY);
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public Struct struct(SourceInfo source) {
        Struct struct = super.struct(source);
        if (isOfSnapshot((String) struct.get(snapshot))) {
            return ofSnapshot(struct);
        }
        // A row of an incremental snapshot gets the place of the event with which its chunk ended.
        EventOrder order = EventOrder.current();
        if (!order.isKnown()) {
            return struct;
        }
        streamed = order;
        return at(struct, order.commitLsn(), order.serialNo());
    }

    /** Gives a row the place of its snapshot. All transactions that commit there or later are newer. */
    private Struct ofSnapshot(Struct struct) {
        Long taken = struct.getInt64(SourceInfo.LSN_KEY);
        if (taken == null) {
            return struct;
        }
        EventOrder order = streamed;
        // A snapshot for which the stream pauses is at least as new as the event before it. After the start that made the slot, Debezium gives the
        // rows of such a snapshot the slot's position.
        if (order != null && order.commitLsn() >= taken) {
            return at(struct, order.commitLsn(), order.serialNo());
        }
        return at(struct, taken, 0);
    }

    private Struct at(Struct struct, long commit, long number) {
        return struct.put(commitLsn, commit).put(serialNo, number);
    }

    static boolean isOfSnapshot(String snapshot) {
        return snapshot != null && !snapshot.equals("false") && !snapshot.equals("incremental");
    }
}
