#!/usr/bin/env bash
# Package:  org.springframework.kafka:spring-kafka 4.1.2 (Maven): a batch listener whose rows are made of JSON by the usual converter,
#           BatchMessagingMessageConverter with StringJsonMessageConverter; with a real broker, of spring-kafka-test 4.1.1.
# Input:    a topic of unwrapped rows: three customers, then an update of each: one that fits the class; one with a number that an int does
#           not hold; a tombstone. The same topic for a batch listener and for one that takes a record at a time; each stores a row and
#           deletes by the key where it is given null.
# Guess:    a row that does not fit the class is an error in either listener, and goes to the error handler, which tries again or gives it up.
# Found:    the listener of single records does so. The batch listener is given null for that row, as for the tombstone, and deletes
#           customer 2, who is alive. The error handler is not asked and the offset is committed, so the row does not come again.
# Way out:  a parameter @Header(KafkaHeaders.CONVERSION_FAILURES), which has an exception in such a row's place, as below.
# Needs Java 17 or newer and Maven. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>look</groupId><artifactId>look</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.springframework.kafka</groupId><artifactId>spring-kafka</artifactId><version>4.1.2</version></dependency>
    <dependency><groupId>org.springframework.kafka</groupId><artifactId>spring-kafka-test</artifactId><version>4.1.1</version></dependency>
    <dependency><groupId>com.fasterxml.jackson.core</groupId><artifactId>jackson-databind</artifactId><version>2.19.2</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.kafka.support.converter.BatchMessagingMessageConverter;
import org.springframework.kafka.support.converter.ConversionException;
import org.springframework.kafka.support.converter.StringJsonMessageConverter;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.util.backoff.FixedBackOff;

public class Look {
    private static final int RECORDS = 6;
    private static final EmbeddedKafkaKraftBroker BROKER = new EmbeddedKafkaKraftBroker(1, 1, "customers");
    private static final List<String> GIVEN_UP = Collections.synchronizedList(new ArrayList<>());
    private static final CountDownLatch DONE = new CountDownLatch(3 * RECORDS);

    public record Customer(int points) {}

    public static void main(String[] args) throws Exception {
        BROKER.afterPropertiesSet();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", BROKER.getBrokersAsString()),
                new StringSerializer(), new StringSerializer())) {
            for (String key : List.of("1", "2", "3")) producer.send(new ProducerRecord<>("customers", key, "{\"points\":10}"));
            producer.send(new ProducerRecord<>("customers", "1", "{\"points\":11}"));
            producer.send(new ProducerRecord<>("customers", "2", "{\"points\":3000000000}"));
            producer.send(new ProducerRecord<>("customers", "3", null));
        }
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Listening.class);
        boolean all = DONE.await(60, TimeUnit.SECONDS);
        Listeners listeners = context.getBean(Listeners.class);
        System.out.println("all read: " + all);
        System.out.println("one at a time: " + listeners.single + ", error handler asked for " + GIVEN_UP);
        System.out.println("in batches: " + listeners.batch);
        System.out.println("in batches, with the header: " + listeners.careful);
        context.close();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", BROKER.getBrokersAsString()))) {
            System.out.println("in batches, committed: " + admin.listConsumerGroupOffsets("batch").partitionsToOffsetAndMetadata().get()
                    .get(new TopicPartition("customers", 0)).offset() + " of " + RECORDS);
        }
        BROKER.destroy();
        System.exit(0);
    }

    private static void store(Map<String, Customer> table, String key, Customer row) {
        if (row == null) table.remove(key);
        else table.put(key, row);
        DONE.countDown();
    }

    public static class Listeners {
        private final Map<String, Customer> single = new TreeMap<>();
        private final Map<String, Customer> batch = new TreeMap<>();
        private final Map<String, Customer> careful = new TreeMap<>();

        @KafkaListener(id = "single", topics = "customers", containerFactory = "records")
        public void one(@Payload(required = false) Customer row, @Header(KafkaHeaders.RECEIVED_KEY) String key) {
            store(single, key, row);
        }

        @KafkaListener(id = "batch", topics = "customers", containerFactory = "batches")
        public void many(@Payload List<Customer> rows, @Header(KafkaHeaders.RECEIVED_KEY) List<String> keys) {
            for (int i = 0; i < rows.size(); i++) store(batch, keys.get(i), rows.get(i));
        }

        @KafkaListener(id = "careful", topics = "customers", containerFactory = "batches")
        public void checked(@Payload List<Customer> rows, @Header(KafkaHeaders.RECEIVED_KEY) List<String> keys,
                @Header(KafkaHeaders.CONVERSION_FAILURES) List<ConversionException> failures) {
            for (int i = 0; i < rows.size(); i++) {
                if (failures.get(i) == null) store(careful, keys.get(i), rows.get(i));
                else DONE.countDown();
            }
        }
    }

    @Configuration
    @EnableKafka
    public static class Listening {
        @Bean
        public ConcurrentKafkaListenerContainerFactory<String, String> records() {
            ConcurrentKafkaListenerContainerFactory<String, String> factory = factory("one at a time");
            factory.setRecordMessageConverter(new StringJsonMessageConverter());
            return factory;
        }

        @Bean
        public ConcurrentKafkaListenerContainerFactory<String, String> batches() {
            ConcurrentKafkaListenerContainerFactory<String, String> factory = factory("in batches");
            factory.setBatchListener(true);
            factory.setBatchMessageConverter(new BatchMessagingMessageConverter(new StringJsonMessageConverter()));
            return factory;
        }

        private static ConcurrentKafkaListenerContainerFactory<String, String> factory(String how) {
            ConcurrentKafkaListenerContainerFactory<String, String> factory = new ConcurrentKafkaListenerContainerFactory<>();
            factory.setConsumerFactory(new DefaultKafkaConsumerFactory<>(Map.of("bootstrap.servers", BROKER.getBrokersAsString(),
                    "auto.offset.reset", "earliest"), new StringDeserializer(), new StringDeserializer()));
            factory.setCommonErrorHandler(new DefaultErrorHandler((record, error) -> {
                GIVEN_UP.add(how + " " + record.value());
                DONE.countDown();
            }, new FixedBackOff(10, 1)));
            return factory;
        }

        @Bean
        public Listeners listeners() {
            return new Listeners();
        }
    }
}
JAVA
timeout 120 java -Djava.io.tmpdir="$work" -cp "$(ls jars/*.jar | paste -sd:)" Look.java > out.txt 2> err.txt || { cat out.txt err.txt; exit 1; }
grep -E '^(all|one|in) ' out.txt | tee seen
diff seen - <<'SEEN' || { echo "changed: a row that does not fit is handed over otherwise than it was"; exit 1; }
all read: true
one at a time: {1=Customer[points=11], 2=Customer[points=10]}, error handler asked for [one at a time {"points":3000000000}]
in batches: {1=Customer[points=11]}
in batches, with the header: {1=Customer[points=11], 2=Customer[points=10]}
in batches, committed: 6 of 6
SEEN
echo "as described"
