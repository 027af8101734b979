#!/usr/bin/env bash
# Package:  @platformatic/kafka 2.12.1 (npm), beside kafkajs 2.2.4; with a real broker: org.apache.kafka:kafka_2.13 4.4.0 (Maven).
# Input:    a topic of 100 records. A reader with automatic commits takes the first one in its loop, needs 3 s for it, and is killed then.
#           And a record with the time 1970-01-01T00:00:01Z in a topic whose message.timestamp.type is LogAppendTime.
# Guess:    nothing is committed before the loop comes back for the next record, so that the first one comes again; the record's time is
#           the broker's, which is what the setting of the topic is for.
# Found:    autocommit: true commits what was fetched, not what the loop was given: the group is past all 100 while the loop has the first,
#           and whoever follows gets none of them. A record's time is the writer's. kafkajs does both as guessed.
# Way out:  for the commits, autocommit: false, which commits nothing by itself.
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
npm install --silent --no-fund --no-audit --no-save --prefix "$work" @platformatic/kafka@2.12.1 kafkajs@2.2.4 node@22.23.3 > npm.log 2>&1 || { cat npm.log; exit 1; }
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
group.initial.rebalance.delay.ms=0
PROPERTIES
java -cp 'jars/*' kafka.tools.StorageTool format --cluster-id 4L6g3nShT-eMCtK--X86sw --config broker.properties > format.log 2>&1 \
  || { cat format.log; exit 1; }
java -Xmx512m -cp 'jars/*' kafka.Kafka broker.properties > broker.log 2>&1 &
broker=$!
cat > read.mjs <<'JS'
import { Consumer, stringDeserializers } from "@platformatic/kafka";
import kafkajs from "kafkajs";
const [broker, client, topic] = process.argv.slice(2);
const groupId = `${client}-${topic}`;

async function handle(timestamp) {
  if (topic === "appended") {
    console.log(`${client}: the record's time is ${Number(timestamp) === 1000 ? "the writer's" : "the broker's"}`);
    process.exit(0);
  }
  await new Promise((resolve) => setTimeout(resolve, 3000));
  process.kill(process.pid, "SIGKILL");
}

if (client === "kafkajs") {
  const consumer = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING }).consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ eachMessage: ({ message }) => handle(message.timestamp) });
} else {
  const consumer = new Consumer({ groupId, clientId: "look", bootstrapBrokers: [broker], deserializers: stringDeserializers });
  const stream = await consumer.consume({ topics: [topic], mode: "committed", fallbackMode: "earliest", autocommit: client === "platformatic" });
  for await (const message of stream) await handle(message.timestamp);
}
JS
cat > offset.cjs <<'JS'
const { Kafka, logLevel } = require("kafkajs");
const [broker, client] = process.argv.slice(2);
(async () => {
  const admin = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const [{ partitions }] = await admin.fetchOffsets({ groupId: `${client}-records`, topics: ["records"] });
  const { offset } = partitions[0];
  console.log(`${client}: killed while it handles the first of 100 records, the group goes on ${offset === "-1" ? "with that one" : `at offset ${offset}`}`);
  await admin.disconnect();
})();
JS
cat > write.cjs <<'JS'
const { Kafka, logLevel } = require("kafkajs");
(async () => {
  const kafka = new Kafka({ brokers: [process.argv[2]], logLevel: logLevel.NOTHING, retry: { retries: 30, maxRetryTime: 1000 } });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: [
      { topic: "records", numPartitions: 1 },
      { topic: "appended", numPartitions: 1, configEntries: [{ name: "message.timestamp.type", value: "LogAppendTime" }] },
    ],
  });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: "records", messages: Array.from({ length: 100 }, (_, n) => ({ value: String(n) })) });
  await producer.send({ topic: "appended", messages: [{ value: "a", timestamp: "1000" }] });
  await producer.disconnect();
})();
JS
node_modules/.bin/node write.cjs "127.0.0.1:$port"
for client in kafkajs platformatic platformatic-without-autocommit; do
  (timeout 120 node_modules/.bin/node read.mjs "127.0.0.1:$port" "$client" records || true) 2> err.txt
  node_modules/.bin/node offset.cjs "127.0.0.1:$port" "$client"
  timeout 120 node_modules/.bin/node read.mjs "127.0.0.1:$port" "$client" appended
done | tee seen
diff seen - <<'SEEN' || { echo "changed: what is committed by itself, or the time of a record"; exit 1; }
kafkajs: killed while it handles the first of 100 records, the group goes on with that one
kafkajs: the record's time is the broker's
platformatic: killed while it handles the first of 100 records, the group goes on at offset 100
platformatic: the record's time is the writer's
platformatic-without-autocommit: killed while it handles the first of 100 records, the group goes on with that one
platformatic-without-autocommit: the record's time is the writer's
SEEN
echo "as described"
