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
 * Leaves out what was safe in Kafka before the task was started: Postgres sends the transaction that was not read to its end
 * whole ({@link Resume}). How far that was is in the offset of each record: the place of its event ({@link EventOrder}), which
 * the log alone tells. Asked by what {@code build/WholeTransactions.java} puts in.
 */
public final class Repeats {
    static final String COMMIT_LSN = "event_commit_lsn";
    /** Twice the number of the event in its transaction, plus one unless it is a delete: the create of a changed key is behind its delete. */
    static final String PLACE = "event_place";

    private static final Map<SourceTaskContext, Repeats> OF_TASK = Collections.synchronizedMap(new WeakHashMap<>());

    /** What reads the log for the task. Debezium makes it anew when it was cut off from the database. */
    private WeakReference<Object> reader = new WeakReference<>(null);
    private boolean asked;
    /** Where the last record was that is safe; -1: not known. */
    private long storedCommit = -1;
    private long storedPlace = -1;
    /** Where the newest event is, in this life of the task or before. */
    private long commit = -1;
    private long place = -1;
    /** Whether it is left out, and so what marks its key for compaction. */
    private boolean leftOut;

    /** The same list. Called by the task's own thread alone. @param reader what has read them: another one begins where the stored offset says */
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

    /** What the one before has read is with Connect, which writes it or fails the task: it is as good as stored. */
    private void readBy(Object now) {
        if (reader.get() != now) {
            reader = new WeakReference<>(now);
            storedCommit = commit;
            storedPlace = place;
        }
    }

    boolean isOne(SourceRecord record, SourceTaskContext context) {
        // A notification, say, has nothing to do with the stream, and another partition.
        if (!record.sourceOffset().containsKey(SourceInfo.LSN_KEY)) {
            return false;
        }
        if (!asked) {
            ask(record, context);
        }
        if (record.value() == null && record.key() != null) {
            // It comes behind its delete. When that is the last one that is safe, nobody knows of this one.
            if (leftOut && place < storedPlace) {
                return true;
            }
        } else if (isEvent(record)) {
            // Of another transaction nothing is known, also not by its position: the database may have been restored to an earlier one.
            leftOut = commit == storedCommit && place <= storedPlace;
            if (leftOut) {
                return true;
            }
        }
        note(record);
        return false;
    }

    /** Whether the record is of an event of the stream; then that is the newest. */
    private boolean isEvent(SourceRecord record) {
        if (!(record.value() instanceof Struct value) || value.schema().field(Envelope.FieldName.OPERATION) == null) {
            return false;
        }
        String operation = value.getString(Envelope.FieldName.OPERATION);
        Struct source = value.getStruct(Envelope.FieldName.SOURCE);
        if (operation == null || operation.equals(Envelope.Operation.READ.code())) {
            // A row that is read is no event. A snapshot begins anew, maybe with another database.
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

    /** Also what is no event, a heartbeat say, is behind the newest one. */
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
