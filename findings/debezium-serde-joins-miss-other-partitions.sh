#!/usr/bin/env bash
# Package:  io.debezium:debezium-connector-common 3.7.0.Final (Maven): DebeziumSerdes.payloadJson, which Debezium gives for Kafka Streams,
#           with org.apache.kafka:kafka-streams 4.3.1 and a real broker: org.apache.kafka:kafka_2.13 4.3.1.
# Input:    topics of 6 partitions for customers and orders as Debezium writes them: keys {"id":1} without a schema, values in an envelope;
#           12 customers and 12 orders, joined by the foreign key of the order.
# Guess:    each order finds its customer, as it does with topics of one partition; what is deleted is a tombstone.
# Found:    2 orders of 12. The serde reads the key {"id":1} as 1 and writes it as 1, and Streams asks the partition to which the bytes
#           that it writes belong: the customer is in the one of the bytes that Debezium wrote. Nothing is an error. A result that is
#           taken back is written as the four bytes null: compaction keeps it for ever, and a reader by key takes it for a value.
# Way out:  stream(…).repartition(…).toTable() for the table that is looked up in, so that Streams lays the keys out itself; for the
#           results a serializer that gives null for null.
# Needs Java 17 or newer and Maven. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
broker=
finish() {
  [ -z "$broker" ] || { kill "$broker" && wait "$broker" || true; } 2> /dev/null
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>look</groupId><artifactId>look</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.debezium</groupId><artifactId>debezium-connect-plugins</artifactId><version>3.7.0.Final</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.3.1</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-streams</artifactId><version>4.3.1</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-api</artifactId><version>4.3.1</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-json</artifactId><version>4.3.1</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
port=$((20000 + RANDOM % 10000))
cat > broker.properties <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((port + 1))
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))
log.dirs=$work/data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
PROPERTIES
java -cp 'jars/*' kafka.tools.StorageTool format --cluster-id 4L6g3nShT-eMCtK--X86sw --config broker.properties > format.log 2>&1 \
  || { cat format.log; exit 1; }
java -Xmx512m -cp 'jars/*' kafka.Kafka broker.properties > broker.log 2>&1 &
broker=$!
cat > Look.java <<'JAVA'
import io.debezium.serde.DebeziumSerdes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;

public class Look {
    public static class Customer { public int id; public String name; }
    public static class Order { public int id; public int customer; }
    public static class Both { public int order; public String name; }

    private static final int ROWS = 12;
    private static final Serde<Integer> KEY = serde(Integer.class, true);
    private static final Serde<Customer> CUSTOMER = serde(Customer.class, false);
    private static final Serde<Order> ORDER = serde(Order.class, false);
    private static final Serde<Both> BOTH = serde(Both.class, false);
    private static String at;

    public static void main(String[] args) throws Exception {
        at = args[0];
        look("one", 1, false);
        look("six", 6, false);
        look("laid-out-anew", 6, true);
    }

    private static void look(String prefix, int partitions, boolean anew) throws Exception {
        String customers = prefix + ".public.customers";
        String orders = prefix + ".public.orders";
        String results = prefix + ".results";
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", at))) {
            admin.createTopics(List.of(new NewTopic(customers, partitions, (short) 1), new NewTopic(orders, partitions, (short) 1),
                    new NewTopic(results, 1, (short) 1))).all().get();
        }
        StreamsBuilder builder = new StreamsBuilder();
        KTable<Integer, Customer> byId = anew
                ? builder.stream(customers, Consumed.with(KEY, CUSTOMER)).repartition(Repartitioned.with(KEY, CUSTOMER)).toTable()
                : builder.table(customers, Consumed.with(KEY, CUSTOMER));
        builder.table(orders, Consumed.with(KEY, ORDER)).join(byId, order -> order.customer, Look::both, Materialized.with(KEY, BOTH))
                .toStream().to(results, Produced.with(KEY, BOTH));
        Properties settings = new Properties();
        settings.putAll(Map.of("application.id", prefix, "bootstrap.servers", at, "state.dir", "state", "commit.interval.ms", "100",
                "auto.offset.reset", "earliest"));
        try (KafkaProducer<String, String> writer = new KafkaProducer<>(Map.of("bootstrap.servers", at), new StringSerializer(),
                new StringSerializer());
                KafkaStreams streams = new KafkaStreams(builder.build(), settings);
                KafkaConsumer<String, String> reader = new KafkaConsumer<>(Map.of("bootstrap.servers", at), new StringDeserializer(),
                        new StringDeserializer())) {
            for (int i = 1; i <= ROWS; i++) {
                writer.send(new ProducerRecord<>(customers, key(i), event("c", "{\"id\":" + i + ",\"name\":\"name " + i + "\"}")));
                writer.send(new ProducerRecord<>(orders, key(100 + i), event("c", "{\"id\":" + (100 + i) + ",\"customer\":" + i + "}")));
            }
            reader.assign(List.of(new TopicPartition(results, 0)));
            reader.seekToBeginning(reader.assignment());
            streams.start();
            Map<String, String> found = read(reader, ROWS);
            System.out.println(prefix + ": " + found.size() + " of " + ROWS + " orders have a customer");
            if (prefix.equals("one")) {
                writer.send(new ProducerRecord<>(orders, key(101), event("d", "null")));
                writer.send(new ProducerRecord<>(orders, key(101), null));
                read(reader, 1).forEach((key, value) -> System.out.println(
                        "deleted: " + key + " is " + (value == null ? "a tombstone" : value.length() + " bytes, " + value)));
            }
        }
    }

    private static Both both(Order order, Customer customer) {
        Both both = new Both();
        both.order = order.id;
        both.name = customer.name;
        return both;
    }

    private static Map<String, String> read(KafkaConsumer<String, String> reader, int wanted) {
        Map<String, String> found = new TreeMap<>();
        long since = System.nanoTime();
        while (found.size() < wanted && System.nanoTime() - since < Duration.ofSeconds(20).toNanos()) {
            for (ConsumerRecord<String, String> one : reader.poll(Duration.ofMillis(200))) {
                found.put(one.key(), one.value());
                since = System.nanoTime();
            }
        }
        return found;
    }

    private static <T> Serde<T> serde(Class<T> of, boolean key) {
        Serde<T> serde = DebeziumSerdes.payloadJson(of);
        serde.configure(Map.of("from.field", "after"), key);
        return serde;
    }

    private static String key(int id) {
        return "{\"id\":" + id + "}";
    }

    private static String event(String op, String after) {
        return "{\"before\":null,\"after\":" + after + ",\"source\":{\"table\":\"t\"},\"op\":\"" + op + "\"}";
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java "127.0.0.1:$port" 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: a join by Debezium's serde finds other rows than it did"; exit 1; }
one: 12 of 12 orders have a customer
deleted: 101 is 4 bytes, null
six: 2 of 12 orders have a customer
laid-out-anew: 12 of 12 orders have a customer
SEEN
echo "as described"
