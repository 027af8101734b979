#!/usr/bin/env bash
# Package:  pathway 0.33.0 (PyPI), stream processing in Python, its reader pw.io.debezium for Postgres, with confluent-kafka 2.16.1 (PyPI);
#           with a real broker: org.apache.kafka:kafka_2.13 4.4.0 (Maven).
# Input:    two topics as Debezium writes them, of a table with the default replica identity and of one under FULL: creates, one of them with
#           a NULL; an update; an update that sets a column to NULL; two of the row with the NULL, which take it away; a delete. A schema
#           whose column "state" is optional.
# Guess:    the table read has the table's rows, as the reader has an option for the database's kind; or the run ends with an error.
# Found:    a version of a row that has a NULL is left out, though the column is optional: order 3 comes only when its NULL is taken
#           away, and under FULL order 2 is gone once it has one. With the default identity, where "before" is null or has the key
#           alone, no old version is ever removed: each update adds a row of the same key, counts and sums have all of them, and the
#           deleted order 4 stays. Each case is a line "Parse error" in the log, as a tombstone is, and the run goes on.
# Way out:  REPLICA IDENTITY FULL, and no NULL in the columns that are read.
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
python/bin/pip install --quiet --disable-pip-version-check pathway==0.33.0 confluent-kafka==2.16.1 > pip.log 2>&1 || { cat pip.log; exit 1; }
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
cat > write.py <<'PYTHON'
import json
import sys

from confluent_kafka import Producer

CHANGES = [
    (None, (1, "paid", 10)),
    (None, (2, "paid", 20)),
    (None, (3, None, 30)),
    (None, (4, "open", 40)),
    (None, (5, "open", 50)),
    ((1, "paid", 10), (1, "sent", 10)),
    ((2, "paid", 20), (2, None, 20)),
    ((3, None, 30), (3, "open", 30)),
    ((3, "open", 30), (3, "paid", 30)),
    ((4, "open", 40), None),
    (None, (9, "end", 0)),
]


def row(values):
    return None if values is None else dict(zip(("number", "state", "amount"), values))


def old(before, after, full):
    if full or before is None:
        return row(before)
    # By the key alone: an update that does not change it has none, a delete has nulls for the other columns.
    return None if after else row((before[0], None, None))


producer = Producer({"bootstrap.servers": sys.argv[1]})
for topic in ("default", "full"):
    for before, after in CHANGES:
        op = "c" if before is None else "u" if after else "d"
        source = {"version": "3.7.0.Final", "connector": "postgresql", "name": "look", "schema": "public", "table": topic}
        event = {"before": old(before, after, topic == "full"), "after": row(after), "source": source, "op": op, "ts_ms": 1}
        key = json.dumps({"payload": {"number": (after or before)[0]}})
        producer.produce(topic, key=key, value=json.dumps({"schema": {}, "payload": event}))
        if op == "d":
            producer.produce(topic, key=key, value=None)
producer.flush()
PYTHON
cat > look.py <<'PYTHON'
import os
import sys
from typing import Optional

import pathway as pw

broker, topic = sys.argv[1:]


class Order(pw.Schema):
    number: int = pw.column_definition(primary_key=True)
    state: Optional[str]
    amount: int


found = {}


def on_change(key, row, time, is_addition):
    if is_addition:
        found[row["number"]] = row
    elif found.get(row["number"]) == row:
        del found[row["number"]]


def on_time_end(time):
    if 9 not in found:
        return
    for number, row in sorted(found.items()):
        if number != 9:
            print(f"{topic}: order {number}, rows {row['rows']}, states {list(row['states'])}, amount {row['amount']}")
    sys.stdout.flush()
    os._exit(0)


orders = pw.io.debezium.read(
    {"bootstrap.servers": broker, "group.id": topic, "auto.offset.reset": "earliest"}, topic, schema=Order, autocommit_duration_ms=200
)
by_id = orders.groupby(orders.number).reduce(
    orders.number, rows=pw.reducers.count(), states=pw.reducers.sorted_tuple(orders.state), amount=pw.reducers.sum(orders.amount)
)
pw.io.subscribe(by_id, on_change=on_change, on_time_end=on_time_end)
pw.run(monitoring_level=pw.MonitoringLevel.NONE)
PYTHON
timeout 60 python/bin/python write.py "127.0.0.1:$port" 2> err.txt || { cat err.txt; exit 1; }
for topic in default full; do
  timeout 120 python/bin/python look.py "127.0.0.1:$port" "$topic" 2> err.txt | tee -a seen || { cat err.txt; exit 1; }
  grep -o "Parse error: .*" err.txt | sort -u | sed "s/^/$topic: /" | tee -a seen
done
diff seen - <<'SEEN' || { echo "changed: rows with a NULL, or changes without the old row, are read otherwise than they were"; exit 1; }
default: order 1, rows 2, states ['paid', 'sent'], amount 20
default: order 2, rows 1, states ['paid'], amount 20
default: order 3, rows 2, states ['open', 'paid'], amount 60
default: order 4, rows 1, states ['open'], amount 40
default: order 5, rows 1, states ['open'], amount 50
default: Parse error: failed to create a field "state" with type Any from json payload: null
default: Parse error: field number with no JsonPointer path specified is absent in null
default: Parse error: received message doesn't have payload
full: order 1, rows 1, states ['sent'], amount 10
full: order 3, rows 1, states ['paid'], amount 30
full: order 5, rows 1, states ['open'], amount 50
full: Parse error: failed to create a field "state" with type Any from json payload: null
full: Parse error: received message doesn't have payload
SEEN
echo "as described"
