#!/usr/bin/env bash
# Package:  org.springframework.kafka:spring-kafka 4.1.2 (Maven): a batch listener that throws for one row, with DefaultErrorHandler and a
#           recoverer that notes what is given up, as one for a topic of dead letters does; with a real broker, of spring-kafka-test 4.1.1.
# Input:    six orders in one batch, of which the database refuses the third each time; a listener that stores a batch row by row, one that
#           takes a record at a time, and one that throws BatchListenerFailedException with the row's index.
# Guess:    after the tries the one row that fails is given up; the rows before it are stored once, and those behind it are stored.
# Found:    it is so for single records, and where the index is told. A batch listener that throws anything else stores the rows before the
#           third again at each try, and then all six are given up and committed: the last three are never handed to the database at all,
#           though nothing is wrong with them, and the first two are among the dead letters though they are stored.
# Way out:  BatchListenerFailedException for the row that fails, or a listener of single records.
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
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import org.springframework.util.backoff.FixedBackOff;

public class Look {
    private static final int TRIES = 3;
    private static final List<String> ORDERS = List.of("1", "2", "3", "4", "5", "6");
    private static final EmbeddedKafkaKraftBroker BROKER = new EmbeddedKafkaKraftBroker(1, 1, "orders");
    private static final Map<String, Seen> SEEN = Map.of("single", new Seen(), "batch", new Seen(), "index", new Seen());

    /** What one listener stored, how often, and what was given up; it is done when each order is one or the other. */
    private static class Seen {
        private final Map<String, Integer> stored = new TreeMap<>();
        private final List<String> givenUp = Collections.synchronizedList(new ArrayList<>());
        private final CountDownLatch done = new CountDownLatch(1);

        private synchronized void store(String order) {
            if (order.equals("3")) throw new IllegalStateException("refused");
            stored.merge(order, 1, Integer::sum);
            look();
        }

        private synchronized void giveUp(String order) {
            givenUp.add(order);
            look();
        }

        private void look() {
            if (ORDERS.stream().allMatch(order -> stored.containsKey(order) || givenUp.contains(order)) && givenUp.contains("3")) done.countDown();
        }
    }

    public static void main(String[] args) throws Exception {
        BROKER.afterPropertiesSet();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", BROKER.getBrokersAsString()),
                new StringSerializer(), new StringSerializer())) {
            for (String order : ORDERS) producer.send(new ProducerRecord<>("orders", order, order));
        }
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Listening.class);
        boolean all = true;
        for (Seen each : SEEN.values()) all &= each.done.await(40, TimeUnit.SECONDS);
        // The container commits what was given up before it stops.
        context.close();
        System.out.println("all handled: " + all);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", BROKER.getBrokersAsString()))) {
            for (String listener : List.of("single", "index", "batch")) {
                Seen seen = SEEN.get(listener);
                long committed = admin.listConsumerGroupOffsets(listener).partitionsToOffsetAndMetadata().get().get(new TopicPartition("orders", 0)).offset();
                System.out.println(listener + ": stored, how often " + seen.stored + ", given up " + seen.givenUp + ", committed " + committed);
            }
        }
        BROKER.destroy();
        System.exit(0);
    }

    public static class Listeners {
        @KafkaListener(id = "single", topics = "orders", containerFactory = "singleFactory")
        public void one(String order) {
            SEEN.get("single").store(order);
        }

        @KafkaListener(id = "batch", topics = "orders", containerFactory = "batchFactory")
        public void many(List<String> orders) {
            orders.forEach(SEEN.get("batch")::store);
        }

        @KafkaListener(id = "index", topics = "orders", containerFactory = "indexFactory")
        public void told(List<String> orders) {
            for (int i = 0; i < orders.size(); i++) {
                try {
                    SEEN.get("index").store(orders.get(i));
                } catch (IllegalStateException refused) {
                    throw new BatchListenerFailedException("refused", refused, i);
                }
            }
        }
    }

    @Configuration
    @EnableKafka
    public static class Listening {
        @Bean
        public ConcurrentKafkaListenerContainerFactory<String, String> singleFactory() {
            return factory("single", false);
        }

        @Bean
        public ConcurrentKafkaListenerContainerFactory<String, String> batchFactory() {
            return factory("batch", true);
        }

        @Bean
        public ConcurrentKafkaListenerContainerFactory<String, String> indexFactory() {
            return factory("index", true);
        }

        private static ConcurrentKafkaListenerContainerFactory<String, String> factory(String listener, boolean batch) {
            ConcurrentKafkaListenerContainerFactory<String, String> factory = new ConcurrentKafkaListenerContainerFactory<>();
            factory.setConsumerFactory(new DefaultKafkaConsumerFactory<>(Map.of("bootstrap.servers", BROKER.getBrokersAsString(),
                    "auto.offset.reset", "earliest"), new StringDeserializer(), new StringDeserializer()));
            factory.setBatchListener(batch);
            factory.setCommonErrorHandler(new DefaultErrorHandler((ConsumerRecord<?, ?> record, Exception error) ->
                    SEEN.get(listener).giveUp((String) record.value()), new FixedBackOff(10, TRIES - 1)));
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
grep -E '^(all handled|single|index|batch): ' out.txt | tee seen
diff seen - <<'SEEN' || { echo "changed: other rows are stored, or given up, than were"; exit 1; }
all handled: true
single: stored, how often {1=1, 2=1, 4=1, 5=1, 6=1}, given up [3], committed 6
index: stored, how often {1=1, 2=1, 4=1, 5=1, 6=1}, given up [3], committed 6
batch: stored, how often {1=3, 2=3}, given up [1, 2, 3, 4, 5, 6], committed 6
SEEN
echo "as described"
