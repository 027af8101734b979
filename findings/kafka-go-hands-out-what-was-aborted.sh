#!/usr/bin/env bash
# Package:  github.com/segmentio/kafka-go v0.4.51 (Go), the newest, with IsolationLevel: kafka.ReadCommitted; with a real broker:
#           org.apache.kafka:kafka_2.13 4.4.0 (Maven).
# Input:    a topic of one partition: a transaction of two records that is aborted, one of one record that is committed, and a
#           plain record.
# Guess:    two records, as Kafka's own consumer gives with isolation.level=read_committed, and as the setting is described.
# Found:    six. The aborted records are handed out like the others, and so is the end of each transaction, committed or aborted: a
#           message whose key is a control record's (version and kind, two int16) and whose value is none of the writer's. The
#           setting keeps back only what is still open. With exactly-once sources each transaction adds such a message.
#           An issue of 2024 (segmentio/kafka-go 1332) has the aborted records.
# Way out:  franz-go or sarama with their settings, or confluent-kafka-go.
# Needs Java 17 or newer, Maven and Go 1.25 or newer. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
broker=
finish() {
  [ -z "$broker" ] || { kill "$broker" && wait "$broker" || true; } 2> /dev/null
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
cat > go.mod <<'MOD'
module look

go 1.25
MOD
cat > look.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/segmentio/kafka-go"
)

func main() {
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{os.Args[1]}, Topic: "t", IsolationLevel: kafka.ReadCommitted, MaxWait: 500 * time.Millisecond,
	})
	defer reader.Close()
	for {
		message, err := reader.ReadMessage(context.Background())
		if err != nil {
			panic(err)
		}
		fmt.Printf("kafka-go: offset %d, key %q, value %q\n", message.Offset, message.Key, message.Value)
		if string(message.Value) == "plain" {
			return
		}
	}
}
GO
go get github.com/segmentio/kafka-go@v0.4.51 > go.log 2>&1 || { cat go.log; exit 1; }
go build -o look .
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
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
        }
        try (KafkaProducer<String, String> producer = producer(Map.of("bootstrap.servers", at, "transactional.id", "look"))) {
            producer.initTransactions();
            producer.beginTransaction();
            write(producer, "a", "aborted");
            write(producer, "b", "aborted");
            producer.abortTransaction();
            producer.beginTransaction();
            write(producer, "c", "committed");
            producer.commitTransaction();
        }
        try (KafkaProducer<String, String> producer = producer(Map.of("bootstrap.servers", at))) {
            write(producer, "d", "plain");
        }
        read("t");
    }

    private static KafkaProducer<String, String> producer(Map<String, Object> settings) {
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private static void write(KafkaProducer<String, String> producer, String key, String value) throws Exception {
        producer.send(new ProducerRecord<>("t", key, value)).get();
    }

    private static void read(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", at, "isolation.level", "read_committed"), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) values.add("offset " + record.offset() + " " + record.value());
            }
        }
        System.out.println("Kafka's own consumer: " + String.join(", ", values));
    }
}
JAVA
timeout 150 java -cp 'jars/*' Look.java "127.0.0.1:$port" 2> err.txt | tee seen || { cat err.txt; exit 1; }
timeout 150 ./look "127.0.0.1:$port" | tee -a seen
diff seen - <<'SEEN' || { echo "changed: aborted records or ends of transactions are handed out otherwise than they were"; exit 1; }
Kafka's own consumer: offset 3 committed, offset 5 plain
kafka-go: offset 0, key "a", value "aborted"
kafka-go: offset 1, key "b", value "aborted"
kafka-go: offset 2, key "\x00\x00\x00\x00", value "\x00\x00\x00\x00\x00\x00"
kafka-go: offset 3, key "c", value "committed"
kafka-go: offset 4, key "\x00\x00\x00\x01", value "\x00\x00\x00\x00\x00\x00"
kafka-go: offset 5, key "d", value "plain"
SEEN
echo "as described"
