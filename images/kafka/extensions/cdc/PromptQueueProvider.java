package cdc;

import io.debezium.connector.base.QueueProvider;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;

/**
 * Debezium's queue of changes between the reader of the log and the connector's task, in which changes do not wait for a batch to fill:
 * {@code queue.provider.type=prompt}.
 *
 * <p>Debezium hands a batch over when it is full or {@code poll.interval.ms} have passed, and spends the last of those milliseconds in a busy loop.
 * So a short interval costs CPU at rest, and a long one costs latency. Both threads decide by this queue's size: the reader after it has put a change
 * in ("is there a batch?"), and the task after it has taken some out ("must I go now?"). Here the answer to both is always yes. Changes that come
 * while the task is busy are handed over together, up to {@code max.batch.size}.
 *
 * <p>In that busy loop, the queue delays its answer that it is empty by a little, so that other threads get the core.
 */
public final class PromptQueueProvider<T> implements QueueProvider<T> {
    private final Queue<T> events = new ArrayDeque<>();
    /** The thread that was the last to put in or take out, until it asks for the size. All calls but those for metrics hold Debezium's lock. */
    private Thread mover;
    /** How many times in a row the empty queue was asked for its size, each time within {@link #LOOP_NANOS} of the time before. */
    private int looks;
    private long lastLook;
    /** Debezium asks at most five times around each wait, and without end once less than a millisecond is left. */
    private static final int LOOKS_IN_A_LOOP = 8;
    private static final long LOOP_NANOS = 100_000;
    /** Length of the delay. The reader may have to wait for it when it comes with a change just then. */
    private static final long PAUSE_NANOS = 1_000_000;

    @Override
    public String name() {
        return "prompt";
    }

    @Override
    public void configure(Map<String, ?> config) {
    }

    @Override
    public void enqueue(T event) {
        events.add(event);
        mover = Thread.currentThread();
    }

    @Override
    public T poll() {
        mover = Thread.currentThread();
        return events.poll();
    }

    /** The number of waiting changes. The thread that has just put in or taken out gets the largest number, so that it hands over. */
    @Override
    public int size() {
        if (mover == Thread.currentThread()) {
            mover = null;
            return Integer.MAX_VALUE;
        }
        if (events.isEmpty()) {
            pauseInLoop();
        }
        return events.size();
    }

    private void pauseInLoop() {
        long now = System.nanoTime();
        looks = now - lastLook < LOOP_NANOS ? looks + 1 : 1;
        if (looks >= LOOKS_IN_A_LOOP) {
            LockSupport.parkNanos(PAUSE_NANOS);
            now = System.nanoTime();
        }
        lastLook = now;
    }
}
