package cdc;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Makes Kafka's producer wait for company while there is much to send, and not otherwise:
 * {@code producer.override.interceptor.classes}.
 *
 * <p>With {@code linger.ms} 0 a change goes out at once, and with it what has come by then: a quarter of a
 * drain's batches are fewer than five records, and each costs the broker a request to write it and one to fetch it. A
 * longer linger would fill them, and would hold up every change, also one that is alone.
 *
 * <p>So the producer's thread rests here for a moment, when all that it had at the end of the last rest is acknowledged
 * and many more have come meanwhile. That is once for each round to the broker, however much goes in it, and never while
 * fewer than {@link #MANY} records are on their way.
 */
public final class GatheringInterceptor implements ProducerInterceptor<byte[], byte[]> {
    /** What comes of a hundred commits a second is one or two; of a statement with many rows, all of them. */
    private static final int MANY = 32;
    /** In which a drain fills some batches, and which nobody sees behind that many others. */
    private static final long REST_NANOS = 5_000_000;

    /** Records that the task has handed over. Written by its thread alone. */
    private final AtomicLong sent = new AtomicLong();
    /** Of them, those that the broker or an error has answered. The producer's thread is the one that comes here. */
    private long answered;
    /** When so many are answered, it is time to look again. */
    private long round;
    private final Runnable rest;

    public GatheringInterceptor() {
        this(() -> LockSupport.parkNanos(REST_NANOS));
    }

    GatheringInterceptor(Runnable rest) {
        this.rest = rest;
    }

    @Override
    public void configure(Map<String, ?> config) {
    }

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
        sent.lazySet(sent.get() + 1);
        return record;
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception error) {
        if (++answered < round) {
            return;
        }
        if (sent.get() - answered >= MANY) {
            rest.run();
        }
        round = sent.get();
    }

    @Override
    public void close() {
    }
}
