package cdc;

import java.io.IOException;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Checks what Kafka's producer sends while its first batch to a partition has no answer: {@code build/FirstBatchAlone.java}. */
final class FirstBatchAloneCheck {
    public static void main(String[] args) throws IOException, InterruptedException {
        try (HeldBroker broker = new HeldBroker()) {
            // A failed check does not close the producer, which would wait for answers.
            KafkaProducer<byte[], byte[]> producer = producer(broker);
            send(producer, 0);
            HeldBroker.Batch first = broker.next("0:0");
            // The second batch waits. A batch to another broker that is sent later does not.
            send(producer, 0);
            send(producer, 1);
            HeldBroker.Batch other = broker.next("1:0");
            // The broker refuses the batch, as one that no longer leads the partition does. The producer sends it again before all others.
            first.answer(Errors.NOT_LEADER_OR_FOLLOWER);
            other.answer(Errors.NONE);
            broker.next("0:0").answer(Errors.NONE);
            HeldBroker.Batch second = broker.next("0:1");
            // Once the broker knows the producer, nothing waits.
            send(producer, 0);
            HeldBroker.Batch third = broker.next("0:2");
            second.answer(Errors.NONE);
            third.answer(Errors.NONE);
            producer.close();
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(HeldBroker broker) {
        // A batch holds one record.
        return new KafkaProducer<>(Map.of("bootstrap.servers", broker.address(), "batch.size", 1, "linger.ms", 0),
                new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, int partition) {
        producer.send(new ProducerRecord<>(HeldBroker.TOPIC, partition, null, new byte[] {1}));
    }
}
