#!/usr/bin/env bash
# Package:  kafkajs 2.2.4 (npm), the newest; with a real broker: org.apache.kafka:kafka_2.13 4.4.0 (Maven).
# Input:    a consumer of a group, behind a proxy that closes one connection at one request and takes the next at once, as a broker that
#           is restarted may. Three runs: it closes at JoinGroup, at Heartbeat, and at FindCoordinator.
# Guess:    a closed connection passes, wherever it comes: the consumer connects again and reads on.
# Found:    so it is at JoinGroup and Heartbeat. At FindCoordinator, which each joining begins with, the cause is dropped, and
#           KafkaJSGroupCoordinatorNotFound is thrown, which counts as final: the CRASH event says restart: false, the consumer
#           disconnects and reads nothing more, though retries are set and restartOnFailure says true. It asks once. run() does not
#           reject and the process goes on: only the event and the log tell.
# Way out:  on a CRASH event with restart: false, this error's included, make another consumer or end the process.
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
# Clients are told the proxy's port, so that all that they send passes through it.
cat > broker.properties <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((port + 1))
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))
advertised.listeners=PLAINTEXT://127.0.0.1:$((port + 2))
log.dirs=$work/data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
PROPERTIES
java -cp 'jars/*' kafka.tools.StorageTool format --cluster-id 4L6g3nShT-eMCtK--X86sw --config broker.properties > format.log 2>&1 \
  || { cat format.log; exit 1; }
java -Xmx512m -cp 'jars/*' kafka.Kafka broker.properties > broker.log 2>&1 &
broker=$!
cat > look.cjs <<'JS'
const net = require("node:net");
const { Kafka, logLevel } = require("kafkajs");
const [brokerPort, proxyPort] = process.argv.slice(2).map(Number);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const WAIT_MS = 20_000;

let closeAt; // The key of the request at which one connection is closed.
let asked = 0;
const proxy = net.createServer((client) => {
  const server = net.connect(brokerPort, "127.0.0.1");
  for (const [one, other] of [[client, server], [server, client]]) one.on("error", () => undefined).on("close", () => other.destroy());
  server.pipe(client);
  let waiting = Buffer.alloc(0);
  client.on("data", (bytes) => {
    waiting = Buffer.concat([waiting, bytes]);
    while (waiting.length >= 4 && waiting.length >= 4 + waiting.readInt32BE(0)) {
      const request = waiting.subarray(0, 4 + waiting.readInt32BE(0));
      waiting = waiting.subarray(request.length);
      if (request.readInt16BE(4) === closeAt) {
        closeAt = undefined;
        return client.destroy();
      }
      asked++;
      server.write(request);
    }
  });
});

async function look(kafka, producer, what, key) {
  const consumer = kafka.consumer({ groupId: what, heartbeatInterval: 500, retry: { restartOnFailure: async () => true } });
  const crashes = [];
  consumer.on("consumer.crash", ({ payload: { error, restart } }) => crashes.push(`${error.name}, restart ${restart}`));
  closeAt = key;
  await consumer.connect();
  await consumer.subscribe({ topic: "t", fromBeginning: true });
  let read = false;
  await consumer.run({ eachMessage: async ({ message }) => void (read ||= String(message.value) === what && closeAt === undefined) });
  for (let left = 100; left > 0 && closeAt !== undefined; left--) await pause(100);
  await producer.send({ topic: "t", messages: [{ value: what }] });
  for (let left = WAIT_MS / 100; left > 0 && !read; left--) await pause(100);
  const before = asked;
  if (!read) await pause(2000);
  console.log(`closed at ${what}: ${read ? "read on" : `nothing read in ${WAIT_MS / 1000} s`}, ${
    read ? "" : `${asked - before} requests more, `}crashes: ${crashes.join("; ") || "none"}`);
  await consumer.disconnect();
}

(async () => {
  proxy.listen(proxyPort, "127.0.0.1");
  const kafka = new Kafka({ brokers: [`127.0.0.1:${proxyPort}`], logLevel: logLevel.NOTHING, retry: { retries: 30, maxRetryTime: 1000 } });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: "t", numPartitions: 1 }], waitForLeaders: true });
  // The group's own topic is made now, so that no run meets its making.
  for (let left = 100; left > 0; left--) {
    try {
      await admin.fetchOffsets({ groupId: "first", topics: ["t"] });
      break;
    } catch {
      await pause(200);
    }
  }
  await admin.disconnect();
  // The producer's own connection asks for none of the three, so it is never the one that is closed.
  const producer = kafka.producer();
  await producer.connect();
  await look(kafka, producer, "JoinGroup", 11);
  await look(kafka, producer, "Heartbeat", 12);
  await look(kafka, producer, "FindCoordinator", 10);
  process.exit(0);
})();
JS
timeout 150 node look.cjs "$port" "$((port + 2))" | tee seen
diff seen - <<'SEEN' || { echo "changed: a connection closed at FindCoordinator is met otherwise than it was"; exit 1; }
closed at JoinGroup: read on, crashes: KafkaJSConnectionClosedError, restart true
closed at Heartbeat: read on, crashes: none
closed at FindCoordinator: nothing read in 20 s, 0 requests more, crashes: KafkaJSGroupCoordinatorNotFound, restart false
SEEN
echo "as described"
