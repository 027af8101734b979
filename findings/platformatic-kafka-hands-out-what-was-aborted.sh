#!/usr/bin/env bash
# Package:  @platformatic/kafka 2.12.1 (npm) with isolationLevel READ_COMMITTED, beside Kafka's own consumer; with a real broker:
#           org.apache.kafka:kafka_2.13 4.4.0 (Maven).
# Input:    two topics of one partition. In "twice" a producer aborts two transactions, as one that tries again does, and commits the third.
#           In "large" it aborts one transaction of 15 records of 0.9 MB, and commits one record; maxBytes is 5 MB there.
# Guess:    a reader is given the committed record alone, as Kafka's own consumer with isolation.level=read_committed is.
# Found:    of a producer's aborted transactions that come in one fetch, the last one alone is kept back, and the others are handed out
#           whole. An aborted transaction whose end is not in the same fetch is handed out up to there, so all of a large one but its last part
#           is. Kafka's own consumer is given the committed records alone.
# Needs Java 17 or newer, Maven and npm. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
broker=
finish() {
  [ -z "$broker" ] || { kill "$broker" && wait "$broker" || true; } 2> /dev/null
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
# The package asks for a newer Node.js than some machines have.
npm install --silent --no-fund --no-audit --no-save --prefix "$work" @platformatic/kafka@2.12.1 node@22.23.3 > npm.log 2>&1 || { cat npm.log; exit 1; }
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
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

public class Look {
    private static String at;

    public static void main(String[] args) throws Exception {
        at = args[0];
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", at))) {
            admin.createTopics(List.of(new NewTopic("twice", 1, (short) 1), new NewTopic("large", 1, (short) 1))).all().get();
        }
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", at, "transactional.id", "look"), new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            write(producer, "twice", 2, "first try", "", false);
            write(producer, "twice", 2, "second try", "", false);
            write(producer, "twice", 2, "third try", "", true);
            write(producer, "large", 15, "large", "x".repeat(900_000), false);
            write(producer, "large", 1, "small", "", true);
        }
        read("twice");
        read("large");
    }

    private static void write(KafkaProducer<String, String> producer, String topic, int records, String key, String value, boolean commit)
            throws Exception {
        producer.beginTransaction();
        for (int n = 1; n <= records; n++) producer.send(new ProducerRecord<>(topic, key + " " + n, value)).get();
        if (commit) producer.commitTransaction();
        else producer.abortTransaction();
    }

    private static void read(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        List<String> keys = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", at, "isolation.level", "read_committed"), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) keys.add(record.key());
            }
        }
        System.out.println("Kafka's own consumer, " + topic + ": " + String.join(", ", keys));
    }
}
JAVA
cat > read.mjs <<'JS'
import { Consumer, FetchIsolationLevels, stringDeserializers } from "@platformatic/kafka";
const [broker, topic, last] = process.argv.slice(2);
const consumer = new Consumer({
  groupId: topic,
  clientId: "look",
  bootstrapBrokers: [broker],
  deserializers: stringDeserializers,
  isolationLevel: FetchIsolationLevels.READ_COMMITTED,
  ...(topic === "large" && { maxBytes: 5_000_000 }),
});
const stream = await consumer.consume({ topics: [topic], mode: "earliest", autocommit: false });
const keys = [];
for await (const { key } of stream) {
  keys.push(key);
  if (key === last) break;
}
console.log(`@platformatic/kafka, ${topic}: ${keys.join(", ")}`);
process.exit(0);
JS
timeout 150 java -cp 'jars/*' Look.java "127.0.0.1:$port" 2> err.txt | tee seen || { cat err.txt; exit 1; }
timeout 60 node_modules/.bin/node read.mjs "127.0.0.1:$port" twice "third try 2" | tee -a seen
timeout 60 node_modules/.bin/node read.mjs "127.0.0.1:$port" large "small 1" | tee -a seen
diff seen - <<'SEEN' || { echo "changed: records of aborted transactions are handed out otherwise than they were"; exit 1; }
Kafka's own consumer, twice: third try 1, third try 2
Kafka's own consumer, large: small 1
@platformatic/kafka, twice: first try 1, first try 2, third try 1, third try 2
@platformatic/kafka, large: large 1, large 2, large 3, large 4, large 5, large 6, large 7, large 8, large 9, large 10, small 1
SEEN
echo "as described"
