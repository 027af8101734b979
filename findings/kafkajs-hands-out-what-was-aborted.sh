#!/usr/bin/env bash
# Package:  kafkajs 2.2.4 (npm), the newest, which reads committed records only unless told otherwise; with a real broker:
#           org.apache.kafka:kafka_2.13 4.4.0 (Maven).
# Input:    two topics of one partition. In "keys" a transaction of three records, whose second one has the key 0 as Kafka's
#           IntegerSerializer writes it, is aborted. In "producers" two producers' transactions are: A's, and B's, which begins
#           and ends within A's. Behind them each topic has one record that was committed.
# Guess:    a reader is given the committed record alone, as Kafka's own consumer with isolation.level=read_committed is.
# Found:    four zero bytes as a key are taken for the marker that ends an aborted transaction, so that record and all that follow
#           in the transaction are handed out. Of two transactions that overlap, the broker lists the one first that ended first;
#           kafkajs does not sort them, so what A wrote before B began is handed out. Nothing tells such records from others.
# Way out:  keys that are not four bytes; one producer at a time for a partition; or a client that is built on librdkafka.
# Needs Java 17 or newer, Maven and Node.js 20 or newer. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
broker=
finish() {
  [ -z "$broker" ] || { kill "$broker" && wait "$broker" || true; } 2> /dev/null
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
npm install --silent --no-fund --no-audit --no-save --prefix "$work" kafkajs@2.2.4 > npm.log 2>&1 || { cat npm.log; exit 1; }
cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>look</groupId><artifactId>look</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.4.0</version></dependency>
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
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
group.initial.rebalance.delay.ms=0
PROPERTIES
java -cp 'jars/*' kafka.tools.StorageTool format --cluster-id 4L6g3nShT-eMCtK--X86sw --config broker.properties > format.log 2>&1 \
  || { cat format.log; exit 1; }
java -Xmx512m -cp 'jars/*' kafka.Kafka broker.properties > broker.log 2>&1 &
broker=$!
cat > Look.java <<'JAVA'
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

public class Look {
    private static String at;

    public static void main(String[] args) throws Exception {
        at = args[0];
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", at))) {
            admin.createTopics(List.of(new NewTopic("keys", 1, (short) 1), new NewTopic("producers", 1, (short) 1))).all().get();
        }
        try (KafkaProducer<Integer, String> a = producer("a"); KafkaProducer<Integer, String> b = producer("b")) {
            a.beginTransaction();
            write(a, "keys", 1, "aborted 1");
            write(a, "keys", 0, "aborted 2");
            write(a, "keys", 2, "aborted 3");
            a.abortTransaction();

            a.beginTransaction();
            write(a, "producers", 1, "aborted A1");
            write(a, "producers", 2, "aborted A2");
            b.beginTransaction();
            write(b, "producers", 3, "aborted B1");
            write(a, "producers", 4, "aborted A3");
            b.abortTransaction();
            write(a, "producers", 5, "aborted A4");
            a.abortTransaction();

            a.beginTransaction();
            write(a, "keys", 3, "committed");
            write(a, "producers", 6, "committed");
            a.commitTransaction();
        }
        read("keys");
        read("producers");
    }

    private static KafkaProducer<Integer, String> producer(String id) {
        KafkaProducer<Integer, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", at, "transactional.id", id),
                new IntegerSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private static void write(KafkaProducer<Integer, String> producer, String topic, int key, String value) throws Exception {
        producer.send(new ProducerRecord<>(topic, key, value)).get();
    }

    private static void read(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<Integer, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", at, "isolation.level", "read_committed"), new IntegerDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<Integer, String> record : consumer.poll(Duration.ofSeconds(1))) values.add(record.value());
            }
        }
        System.out.println(topic + ", Kafka's own consumer: " + String.join(", ", values));
    }
}
JAVA
cat > look.cjs <<'JS'
const { Kafka, logLevel } = require("kafkajs");

async function read(kafka, topic) {
  const consumer = kafka.consumer({ groupId: topic });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const values = [];
  await new Promise((resolve) => {
    void consumer.run({
      eachMessage: async ({ message }) => {
        values.push(message.value.toString());
        if (values.at(-1) === "committed") resolve();
      },
    });
  });
  console.log(`${topic}, kafkajs: ${values.join(", ")}`);
  await consumer.disconnect();
}

(async () => {
  const kafka = new Kafka({ brokers: [process.argv[2]], logLevel: logLevel.NOTHING });
  await read(kafka, "keys");
  await read(kafka, "producers");
})();
JS
timeout 150 java -cp 'jars/*' Look.java "127.0.0.1:$port" 2> err.txt | tee seen || { cat err.txt; exit 1; }
timeout 150 node look.cjs "127.0.0.1:$port" | tee -a seen
diff seen - <<'SEEN' || { echo "changed: records of aborted transactions are handed out otherwise than they were"; exit 1; }
keys, Kafka's own consumer: committed
producers, Kafka's own consumer: committed
keys, kafkajs: aborted 2, aborted 3, committed
producers, kafkajs: aborted A1, aborted A2, committed
SEEN
echo "as described"
