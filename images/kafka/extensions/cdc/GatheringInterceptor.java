package cdc;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Makes Kafka's producer wait for further records while there are many to send, and only then: {@code producer.override.interceptor.classes}.
 *
 * <p>With {@code linger.ms} 0, the producer sends a change at once, with those that have come by then. So a quarter of a drain's batches have fewer
 * than five records, and each batch costs the broker a request that writes it and one that fetches it. A longer linger would fill the batches, and
 * would delay every change, also a single one.
 *
 * <p>So the producer's thread rests here for a moment when two things are true: all records that it had at the end of the last rest are acknowledged,
 * and at least {@link #MANY} others have come meanwhile. That is once for each round trip to the broker, however many records it carries, and never
 * while fewer than {@link #MANY} records are under way.
 */
public final class GatheringInterceptor implements ProducerInterceptor<byte[], byte[]> {
    /** A hundred commits a second have one or two records under way. A statement with many rows has all of them. */
    private static final int MANY = 32;
    /** Length of a rest. A drain fills some batches in this time, and the delay does not show behind so many other records. */
    private static final long REST_NANOS = 5_000_000;

    /** Number of records that the task has sent. Only the task's thread writes it. */
    private final AtomicLong sent = new AtomicLong();
    /** Number of these that the broker or an error has answered. Only the producer's thread uses it. */
    private long answered;
    /** The number of answered records at which the interceptor looks again. */
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
