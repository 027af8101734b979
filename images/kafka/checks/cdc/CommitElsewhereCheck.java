package cdc;

import io.debezium.connector.postgresql.PostgresConnectorTask;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.source.SourceRecord;

/** Checks in which thread a commit is made, and how many are made at once. */
final class CommitElsewhereCheck {
    private static final RecordMetadata WRITTEN = new RecordMetadata(new TopicPartition("t", 0), 1, 0, 0, 0, 0);

    public static void main(String[] args) throws InterruptedException {
        Task task = new Task();
        CommitElsewhere.commit(task);
        task.begun.await();
        check(true, task.thread != Thread.currentThread());
        // The caller does not wait for a commit that takes long, and no other one begins meanwhile.
        CommitElsewhere.commit(task);
        check(1, task.commits.get());
        task.mayEnd.countDown();
        task.thread.join();
        // The first commit has failed.
        CommitElsewhere.commit(task);
        task.again.await();
        check(2, task.commits.get());

        Confirmations.made((partition, offset) -> { }, CheckedTask.with(null), System.nanoTime());
        Confirmations.written(new SourceRecord(Map.of(), Map.of("lsn", 1L), "t", null, null, null, null), WRITTEN);
        Task inTransactions = new Task();
        inTransactions.mayEnd.countDown();
        CommitElsewhere.commit(inTransactions);
        check(true, inTransactions.thread == Thread.currentThread());
    }

    private static final class Task extends PostgresConnectorTask {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch mayEnd = new CountDownLatch(1);
        final CountDownLatch again = new CountDownLatch(1);
        final AtomicInteger commits = new AtomicInteger();
        volatile Thread thread;

        @Override
        public void performCommit() {
            thread = Thread.currentThread();
            if (commits.incrementAndGet() == 2) {
                again.countDown();
                return;
            }
            begun.countDown();
            try {
                mayEnd.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (!Confirmations.inTransactions()) {
                throw new IllegalStateException("the connection is lost");
            }
        }
    }

    private static void check(Object wanted, Object found) {
        if (!wanted.equals(found)) {
            throw new AssertionError("wanted " + wanted + ", found " + found);
        }
    }
}
