#!/usr/bin/env bash
# Package:  quixstreams 3.28.1 (PyPI), stream processing in Python, with its default serializers (JSON); with a real broker:
#           org.apache.kafka:kafka_2.13 4.4.0 (Maven).
# Input:    a topic as Debezium writes one of unwrapped rows: two rows, a tombstone for the first, an amount of 30 digits and an integer
#           beyond 64 bits; through an application that does nothing but to_topic(…).
# Guess:    a tombstone arrives as None, and is written as a tombstone; numbers keep their digits, or it stops.
# Found:    it arrives as None and is written as the four bytes null, so that the copy has no tombstone for the deleted key. An amount keeps
#           17 digits and is written with an exponent; so is the integer. Nothing is refused.
# Way out:  for tombstones a serializer of one's own that gives None for None, as below.
# Needs Java 17 or newer, Maven, and Python 3.10 or newer with venv. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
broker=
finish() {
  [ -z "$broker" ] || { kill "$broker" && wait "$broker" || true; } 2> /dev/null
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check quixstreams==3.28.1 > pip.log 2>&1 || { cat pip.log; exit 1; }
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
cat > look.py <<'PY'
import sys

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from quixstreams import Application
from quixstreams.models.serializers import JSONSerializer

BROKER = sys.argv[1]


class WithTombstones(JSONSerializer):
    def __call__(self, value, ctx):
        return None if value is None else super().__call__(value, ctx)


def run(topic, serializer):
    app = Application(broker_address=BROKER, consumer_group=topic, auto_offset_reset="earliest", loglevel="ERROR")
    app.dataframe(app.topic("rows")).to_topic(app.topic(topic, value_serializer=serializer))
    app.run(count=5, timeout=60)


def show(topic):
    print(topic + ":")
    consumer = Consumer({"bootstrap.servers": BROKER, "group.id": "look", "enable.auto.commit": False})
    consumer.assign([TopicPartition(topic, 0, 0)])
    for _ in range(5):
        record = consumer.poll(30)
        print(f"  key {record.key().decode()}", "tombstone" if record.value() is None else f"value {record.value().decode()}")
    consumer.close()


topics = [NewTopic(name, 1, 1) for name in ("rows", "copy", "copy-own-serializer")]
admin = AdminClient({"bootstrap.servers": BROKER})
for made in admin.create_topics(topics).values():
    made.result()
producer = Producer({"bootstrap.servers": BROKER})
for key, value in (
    ("1", '{"id":1,"amount":1.10}'),
    ("2", '{"id":2,"amount":2.20}'),
    ("1", None),
    ("3", '{"id":3,"amount":12345678901234567890.0123456789}'),
    ("4", '{"id":4,"amount":123456789012345678901234567890}'),
):
    producer.produce("rows", key=key, value=value)
producer.flush()
run("copy", "json")
run("copy-own-serializer", WithTombstones())
for topic in "rows", "copy", "copy-own-serializer":
    show(topic)
PY
timeout 240 python/bin/python look.py "127.0.0.1:$port" 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: a tombstone or a large number is written otherwise than it was"; exit 1; }
rows:
  key 1 value {"id":1,"amount":1.10}
  key 2 value {"id":2,"amount":2.20}
  key 1 tombstone
  key 3 value {"id":3,"amount":12345678901234567890.0123456789}
  key 4 value {"id":4,"amount":123456789012345678901234567890}
copy:
  key 1 value {"id":1,"amount":1.1}
  key 2 value {"id":2,"amount":2.2}
  key 1 value null
  key 3 value {"id":3,"amount":1.2345678901234567e+19}
  key 4 value {"id":4,"amount":1.2345678901234568e+29}
copy-own-serializer:
  key 1 value {"id":1,"amount":1.1}
  key 2 value {"id":2,"amount":2.2}
  key 1 tombstone
  key 3 value {"id":3,"amount":1.2345678901234567e+19}
  key 4 value {"id":4,"amount":1.2345678901234568e+29}
SEEN
echo "as described"
