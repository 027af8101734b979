#!/usr/bin/env bash
# Package:  org.apache.kafka:connect-mirror 4.3.1 (Maven): MirrorMaker 2 with two real brokers: org.apache.kafka:kafka_2.13 4.3.1.
# Input:    topics as Debezium names them, prefix.schema.table, with a row each; mirrored from cluster "eu" to cluster "us" with
#           topics=.*\.public\..*, which is all tables of the schema public.
# Guess:    each topic that the pattern matches is mirrored, whatever the table and the prefix are called, and no other one.
# Found:    three are wrong. A table called replica is left out, since topics.exclude has ".*\.replica" beside the pattern. All topics whose
#           prefix is the other cluster's alias are left out: the dots of Debezium's names are taken for those that MirrorMaker puts
#           behind a cluster's alias, so that "us.public.orders" came from there. A table called heartbeats is mirrored though its schema
#           does not match: the last part of the name alone makes it MirrorMaker's own topic.
# Way out:  aliases that are no prefix of a topic, a topics.exclude of one's own, and heartbeats.replication.enabled=false.
# Needs Java 17 or newer and Maven. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
running=()
finish() {
  for one in "${running[@]}"; do kill "$one" && wait "$one" || true; done 2> /dev/null
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>look</groupId><artifactId>look</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-mirror</artifactId><version>4.3.1</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.3.1</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
eu=$((20000 + RANDOM % 10000))
us=$((eu + 2))
for port in $eu $us; do
  cat > "$port.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((port + 1))
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))
log.dirs=$work/data-$port
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
PROPERTIES
  java -cp 'jars/*' kafka.tools.StorageTool format --cluster-id 4L6g3nShT-eMCtK--X86sw --config "$port.properties" > format.log 2>&1 \
    || { cat format.log; exit 1; }
  java -Xmx300m -cp 'jars/*' kafka.Kafka "$port.properties" > "broker-$port.log" 2>&1 &
  running+=($!)
done
cat > Look.java <<'JAVA'
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

public class Look {
    private static final List<String> TOPICS = List.of("cdc.public.orders", "cdc.public.replica", "us.public.orders", "cdc.public.heartbeats",
            "cdc.audit.orders", "cdc.audit.heartbeats");

    public static void main(String[] args) throws Exception {
        if (args[0].equals("write")) {
            write(args[1]);
        }
        else {
            read(args[1]);
        }
    }

    private static void write(String at) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", at));
                KafkaProducer<String, String> writer = new KafkaProducer<>(Map.of("bootstrap.servers", at), new StringSerializer(),
                        new StringSerializer())) {
            for (String topic : TOPICS) {
                admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
                writer.send(new ProducerRecord<>(topic, "{\"id\":1}", "a row")).get();
            }
        }
    }

    private static void read(String at) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", at));
                KafkaConsumer<String, String> reader = new KafkaConsumer<>(Map.of("bootstrap.servers", at), new StringDeserializer(),
                        new StringDeserializer())) {
            // All are created in one go, and each has one row: what is not there with the rows of the others is not to come.
            long until = System.nanoTime() + Duration.ofMinutes(4).toNanos();
            while (rows(admin, reader, "eu.cdc.public.orders") == 0 || rows(admin, reader, "eu.cdc.public.heartbeats") == 0
                    || rows(admin, reader, "east.us.public.orders") == 0) {
                if (System.nanoTime() > until) {
                    throw new IllegalStateException("nothing was mirrored: " + admin.listTopics().names().get());
                }
                Thread.sleep(500);
            }
            Thread.sleep(5000);
            for (String topic : TOPICS) {
                System.out.println(topic + ": " + told(admin, reader, "eu." + topic) + "; with the way out "
                        + told(admin, reader, "east." + topic));
            }
        }
    }

    private static String told(Admin admin, KafkaConsumer<String, String> reader, String topic) throws Exception {
        return rows(admin, reader, topic) == 0 ? "left out" : "mirrored";
    }

    private static long rows(Admin admin, KafkaConsumer<String, String> reader, String topic) throws Exception {
        if (!admin.listTopics().names().get().contains(topic)) {
            return 0;
        }
        TopicPartition partition = new TopicPartition(topic, 0);
        return reader.endOffsets(List.of(partition)).get(partition);
    }
}
JAVA
classpath=$(ls jars/*.jar | paste -sd:)
java -cp "$classpath" Look.java write "127.0.0.1:$eu" 2> err.txt || { cat err.txt; exit 1; }
cat > mirror.properties <<PROPERTIES
clusters=eu,us,east,west
eu.bootstrap.servers=127.0.0.1:$eu
us.bootstrap.servers=127.0.0.1:$us
eu->us.enabled=true
eu->us.topics=.*\\\\.public\\\\..*
east.bootstrap.servers=127.0.0.1:$eu
west.bootstrap.servers=127.0.0.1:$us
east->west.enabled=true
east->west.topics=.*\\\\.public\\\\..*
east->west.topics.exclude=mm2.*,__.*
east->west.heartbeats.replication.enabled=false
emit.heartbeats.enabled=false
emit.checkpoints.enabled=false
replication.factor=1
checkpoints.topic.replication.factor=1
heartbeats.topic.replication.factor=1
offset-syncs.topic.replication.factor=1
offset.storage.replication.factor=1
status.storage.replication.factor=1
config.storage.replication.factor=1
PROPERTIES
java -Xmx400m -cp "$classpath" org.apache.kafka.connect.mirror.MirrorMaker mirror.properties > mirror.log 2>&1 &
running+=($!)
java -cp "$classpath" Look.java read "127.0.0.1:$us" 2> err.txt | tee seen || { cat err.txt mirror.log; exit 1; }
diff seen - <<'SEEN' || { echo "changed: MirrorMaker takes other tables than it did"; exit 1; }
cdc.public.orders: mirrored; with the way out mirrored
cdc.public.replica: left out; with the way out mirrored
us.public.orders: left out; with the way out mirrored
cdc.public.heartbeats: mirrored; with the way out mirrored
cdc.audit.orders: left out; with the way out left out
cdc.audit.heartbeats: mirrored; with the way out left out
SEEN
echo "as described"
