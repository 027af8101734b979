package cdc;

import io.debezium.connector.base.QueueProvider;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;

/**
 * Debezium's queue of changes between the reader of the log and the connector's task, without its waiting for company:
 * {@code queue.provider.type=prompt}.
 *
 * <p>Debezium hands a batch over when it is full or {@code poll.interval.ms} have gone by, and spends the last of those
 * milliseconds in a busy loop. So a short interval costs CPU at rest, and a long one latency. Both decisions ask this
 * queue for its size: the reader after it has put a change in ("is there a batch?"), the task after it has taken some
 * out ("must I go now?"). Here the answer to these two is always yes. What comes while the task is busy goes together,
 * as far as {@code max.batch.size} allows.
 *
 * <p>And who asks in that busy loop gets the answer "empty" a little later, which leaves the core to others.
 */
public final class PromptQueueProvider<T> implements QueueProvider<T> {
    private final Queue<T> events = new ArrayDeque<>();
    /** Who has put in or taken out last, until asking for the size. All but metrics runs under Debezium's lock. */
    private Thread mover;
    /** Looks at an empty queue in a row, none of them {@link #LOOP_NANOS} after the one before. */
    private int looks;
    private long lastLook;
    /** Debezium looks at most five times around each wait, and without an end once less than a millisecond is left. */
    private static final int LOOKS_IN_A_LOOP = 8;
    private static final long LOOP_NANOS = 100_000;
    /** What the reader may have to wait for when it comes with a change just then. */
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

    /** How many changes wait; to who has just moved one: enough to go. */
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
