package cdc;

import io.debezium.connector.AbstractSourceInfo;
import io.debezium.connector.postgresql.SourceInfo;
import io.debezium.data.Envelope;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;

/**
 * Leaves out records that were safe in Kafka before the task started: Postgres sends a transaction again as a whole when it was not read to its end
 * ({@link Resume}). The offset of each record shows how far the transaction was read, by the place of the event ({@link EventOrder}), which depends
 * only on the log. {@code build/WholeTransactions.java} makes Debezium's task call it.
 */
public final class Repeats {
    static final String COMMIT_LSN = "event_commit_lsn";
    /**
     * Twice the event's number in its transaction, plus one unless it is a delete. A changed key makes a delete and a create with one number, and the
     * create comes second.
     */
    static final String PLACE = "event_place";

    private static final Map<SourceTaskContext, Repeats> OF_TASK = Collections.synchronizedMap(new WeakHashMap<>());

    /** The object that reads the log for the task. Debezium makes a new one after it was cut off from the database. */
    private WeakReference<Object> reader = new WeakReference<>(null);
    private boolean asked;
    /** Place of the last record that is safe in Kafka; -1 when it is not known. */
    private long storedCommit = -1;
    private long storedPlace = -1;
    /** Place of the newest event, since this start of the task or before; -1 when it is not known. */
    private long commit = -1;
    private long place = -1;
    /** Whether the newest event is left out. Then the tombstone after it is left out, too. */
    private boolean leftOut;

    /**
     * Removes the records that were safe. Only the task's own thread calls this.
     *
     * @param reader the object that has read the records; another one than before begins at the stored offset
     * @return the same list
     */
    public static List<SourceRecord> without(List<SourceRecord> records, SourceTaskContext context, Object reader) {
        if (records != null && !records.isEmpty()) {
            Repeats repeats = OF_TASK.computeIfAbsent(context, task -> new Repeats());
            repeats.readBy(reader);
            records.removeIf(record -> repeats.isOne(record, context));
        }
        return records;
    }

    private Repeats() {
    }

    /** Notes which reader reads. What the reader before has read is with Connect, which writes it or fails the task. So it counts as stored. */
    private void readBy(Object now) {
        if (reader.get() != now) {
            reader = new WeakReference<>(now);
            storedCommit = commit;
            storedPlace = place;
        }
    }

    boolean isOne(SourceRecord record, SourceTaskContext context) {
        // Records that are not of the stream, such as notifications, have another partition.
        if (!record.sourceOffset().containsKey(SourceInfo.LSN_KEY)) {
            return false;
        }
        if (!asked) {
            ask(record, context);
        }
        if (record.value() == null && record.key() != null) {
            // A tombstone comes after its delete. When that delete is the last record that is safe, nobody knows whether the tombstone is.
            if (leftOut && place < storedPlace) {
                return true;
            }
        } else if (isEvent(record)) {
            // Nothing is known about other transactions. Their positions say nothing either: the database may have been restored to an earlier state.
            leftOut = commit == storedCommit && place <= storedPlace;
            if (leftOut) {
                return true;
            }
        }
        note(record);
        return false;
    }

    /** Whether the record is of an event of the stream. If so, the event is now the newest. */
    private boolean isEvent(SourceRecord record) {
        if (!(record.value() instanceof Struct value) || value.schema().field(Envelope.FieldName.OPERATION) == null) {
            return false;
        }
        String operation = value.getString(Envelope.FieldName.OPERATION);
        Struct source = value.getStruct(Envelope.FieldName.SOURCE);
        if (operation == null || operation.equals(Envelope.Operation.READ.code())) {
            // A row that was read is no event. A snapshot starts anew, maybe with another database.
            if (source != null && isOfSnapshot(source)) {
                commit = storedCommit = -1;
            }
            return false;
        }
        Schema known = source == null ? null : source.schema();
        if (known == null || known.field(OrderedSource.COMMIT_LSN) == null) {
            return false;
        }
        Long commitLsn = source.getInt64(OrderedSource.COMMIT_LSN);
        Long serialNo = source.getInt64(OrderedSource.SERIAL_NO);
        if (commitLsn == null || serialNo == null) {
            return false;
        }
        commit = commitLsn;
        place = 2 * serialNo + (operation.equals(Envelope.Operation.DELETE.code()) ? 0 : 1);
        return true;
    }

    private static boolean isOfSnapshot(Struct source) {
        String kind = AbstractSourceInfo.SNAPSHOT_KEY;
        return source.schema().field(kind) != null && OrderedSource.isOfSnapshot(source.getString(kind));
    }

    private void ask(SourceRecord record, SourceTaskContext context) {
        asked = true;
        Map<String, Object> stored = context.offsetStorageReader().offset(record.sourcePartition());
        storedCommit = numberOf(stored, COMMIT_LSN);
        storedPlace = numberOf(stored, PLACE);
        commit = storedCommit;
        place = storedPlace;
    }

    /** Writes the newest event's place into the record's offset, also for records that are no events, such as heartbeats. They come after it. */
    @SuppressWarnings("unchecked")
    private void note(SourceRecord record) {
        if (commit != -1) {
            Map<String, Object> offset = (Map<String, Object>) record.sourceOffset();
            offset.put(COMMIT_LSN, commit);
            offset.put(PLACE, place);
        }
    }

    private static long numberOf(Map<String, Object> stored, String name) {
        return stored != null && stored.get(name) instanceof Number number ? number.longValue() : -1;
    }
}
