package cdc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** Checks which records of a transaction that comes again are left out, by the stored offset. */
final class RepeatsCheck {
    private static final Schema SOURCE = SchemaBuilder.struct()
            .field("commit_lsn", Schema.OPTIONAL_INT64_SCHEMA).field("event_serial_no", Schema.OPTIONAL_INT64_SCHEMA).build();
    private static final Object READER = new Object();
    private static final Schema ENVELOPE =
            SchemaBuilder.struct().field("op", Schema.STRING_SCHEMA).field("source", SOURCE).build();

    public static void main(String[] args) {
        List<SourceRecord> transaction = List.of(event("c", 100, 1), event("d", 100, 2), marker(), event("c", 100, 2),
                event("u", 100, 3), event("d", 100, 4), marker(), event("c", 200, 1));
        expect("c1 d2 t c2 u3 d4 t c1", transaction, null);
        expect("c1 d2 t c2 u3 d4 t c1", transaction, stored(0, 0));
        // The delete of a changed key is safe, and the create with the new key is not.
        expect("t c2 u3 d4 t c1", transaction, stored(100, 4));
        expect("u3 d4 t c1", transaction, stored(100, 5));
        expect("d4 t c1", transaction, stored(100, 7));
        // Nobody knows whether the tombstone after the last delete is safe.
        expect("t c1", transaction, stored(100, 8));
        // Rows of a snapshot have no place of their own, and are never left out.
        expect("r1 t", List.of(event("r", 100, 1), event("c", 100, 1), marker()), stored(100, 3));

        SourceRecord last = transaction.get(3);
        Repeats.without(new ArrayList<>(List.of(last, transaction.get(2))), context(null), READER);
        check("100 5", last.sourceOffset().get(Repeats.COMMIT_LSN) + " " + last.sourceOffset().get(Repeats.PLACE));
        check("5", transaction.get(2).sourceOffset().get(Repeats.PLACE) + "");
        Repeats.without(new ArrayList<>(List.of(new SourceRecord(Map.of(), Map.of(), "n", null, null, null, null))), context(stored(100, 5)), READER);
        // A heartbeat that comes before the first event after a restart.
        SourceRecord first = marker();
        Repeats.without(new ArrayList<>(List.of(first)), context(stored(100, 5)), READER);
        check("100 5", first.sourceOffset().get(Repeats.COMMIT_LSN) + " " + first.sourceOffset().get(Repeats.PLACE));

        // The task was cut off from the database and reads on. What it had of the transaction comes again.
        SourceTaskContext task = context(null);
        check("c1 d2", left(List.of(event("c", 100, 1), event("d", 100, 2)), task, READER));
        check("t c2", left(List.of(event("c", 100, 1), event("d", 100, 2), marker(), event("c", 100, 2)), task, new Object()));
    }

    private static void expect(String wanted, List<SourceRecord> records, Map<String, Object> stored) {
        check(wanted, left(records, context(stored), READER));
    }

    private static String left(List<SourceRecord> records, SourceTaskContext task, Object reader) {
        return Repeats.without(new ArrayList<>(records), task, reader).stream().map(RepeatsCheck::told).collect(Collectors.joining(" "));
    }

    private static String told(SourceRecord record) {
        return record.value() instanceof Struct value
                ? value.getString("op") + value.getStruct("source").getInt64("event_serial_no") : "t";
    }

    private static void check(String wanted, String found) {
        if (!wanted.equals(found)) {
            throw new AssertionError("wanted " + wanted + ", found " + found);
        }
    }

    private static SourceRecord event(String op, long commitLsn, long serialNo) {
        Struct source = new Struct(SOURCE).put("commit_lsn", commitLsn).put("event_serial_no", serialNo);
        return record(new Struct(ENVELOPE).put("op", op).put("source", source));
    }

    private static SourceRecord marker() {
        return record(null);
    }

    private static SourceRecord record(Struct value) {
        Map<String, Object> offset = new HashMap<>(Map.of("lsn", 1L));
        return new SourceRecord(Map.of("server", "s"), offset, "t", Schema.STRING_SCHEMA, "key", ENVELOPE, value);
    }

    private static Map<String, Object> stored(long commitLsn, long place) {
        return Map.of(Repeats.COMMIT_LSN, commitLsn, Repeats.PLACE, place);
    }

    private static SourceTaskContext context(Map<String, Object> stored) {
        OffsetStorageReader reader = new OffsetStorageReader() {
            @Override
            public <T> Map<String, Object> offset(Map<String, T> partition) {
                return stored;
            }

            @Override
            public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
                throw new UnsupportedOperationException();
            }
        };
        return CheckedTask.with(reader);
    }
}
