package cdc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;

/** Checks which offsets of written records are confirmed, and when. */
final class ConfirmationsCheck {
    private static final RecordMetadata WRITTEN = new RecordMetadata(new TopicPartition("t", 0), 1, 0, 0, 0, 0);
    private static final long SECOND = 1_000_000_000;

    public static void main(String[] args) throws InterruptedException {
        List<Object> told = new ArrayList<>();
        Confirmations.Telling telling = (partition, offset) -> told.add(offset.get("lsn"));
        SourceTaskContext task = task();
        long now = System.nanoTime() + SECOND;

        // This thread has not polled a task yet.
        Confirmations.written(record(0), WRITTEN);
        check("false", Confirmations.made(telling, task, now));
        Thread producer = new Thread(() -> Confirmations.written(record(1), WRITTEN));
        producer.start();
        producer.join();
        check("false", Confirmations.made(telling, task, now));
        Confirmations.written(record(2), WRITTEN);
        Confirmations.written(record(3), WRITTEN);
        // A transform dropped the first record, and the second one is not of the stream.
        Confirmations.written(record(4), null);
        Confirmations.written(new SourceRecord(Map.of(), Map.of("id", 5), "n", null, null, null, null), WRITTEN);
        check("true", Confirmations.made(null, task, now));
        check("[]", told);
        check("true", Confirmations.made(telling, task, now));
        check("[3]", told);
        Confirmations.written(record(6), WRITTEN);
        Confirmations.made(telling, task, now + SECOND - 1);
        check("[3]", told);
        Confirmations.made(telling, task, now + SECOND);
        Confirmations.made(telling, task, now + 3 * SECOND);
        check("[3, 6]", told);
        // Another task in the same thread.
        Confirmations.written(record(7), WRITTEN);
        check("false", Confirmations.made(telling, task(), now + 6 * SECOND));
        check("[3, 6]", told);
    }

    private static SourceRecord record(long lsn) {
        return new SourceRecord(Map.of("server", "s"), Map.of("lsn", lsn), "t", null, null, null, null);
    }

    private static SourceTaskContext task() {
        return CheckedTask.with(null);
    }

    private static void check(String wanted, Object found) {
        if (!wanted.equals(String.valueOf(found))) {
            throw new AssertionError("wanted " + wanted + ", found " + found);
        }
    }
}
