"""A consumer in Python: prints each change, commits what it has printed, and says over HTTP that it is well.

What it is told by its environment, and the form of the records, is in docs/consumer.md, "A consumer of your own".
"""

import json
import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from confluent_kafka import Consumer, KafkaError, KafkaException


def setting(name):
    if not os.environ.get(name):
        sys.exit(f"{name} is not set. The stack sets it for the image that cdc:consumer names: docs/consumer.md.")
    return os.environ[name]


def listed(name):
    """Further settings may be left out."""
    return [each.strip() for each in os.environ.get(name, "").split(",") if each.strip()]


def exactly(topic):
    """The regular expression of a topic's name, in which * stands for any characters."""
    return "^" + topic.replace(".", "\\.").replace("*", ".*") + "$"


brokers, group, port = setting("KAFKA_BROKERS"), setting("KAFKA_GROUP_ID"), int(setting("HTTP_PORT"))
topics = setting("KAFKA_TOPICS").split(",")
# The topics to which a connector's transforms send records exist from the first record on.
further = [exactly(pattern) for pattern in listed("KAFKA_FURTHER_TOPICS")]
# A pattern may match these too, whose records have another form.
letters = [exactly(topic) for name in ("KAFKA_DEAD_LETTER_TOPIC", "KAFKA_RETRY_TOPIC") for topic in listed(name)]
stopping = threading.Event()
for each in (signal.SIGTERM, signal.SIGINT):
    signal.signal(each, lambda *_: stopping.set())


class Health(BaseHTTPRequestHandler):
    """200 while the group gives this process something to read."""

    def do_GET(self):
        well = self.path == "/healthz" and bool(assigned)
        self.send_response(200 if well else 503)
        self.end_headers()

    def log_message(self, *_):
        pass


OPERATIONS = {"r": "snapshot", "c": "create", "u": "update", "d": "delete", "t": "truncate", "m": "message"}


def read(data):
    """A key or a value. A transform, or a converter of somebody's own, may have made it something else than JSON: its text then."""
    if not data:
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return data.decode(errors="replace")


def is_change(value):
    """Whether it has Debezium's form. What a transform has sent to a topic of its own may have any other one, as an outbox's payload."""
    if not isinstance(value, dict) or not ("after" in value or isinstance(value.get("source"), dict)):
        return False
    return isinstance(value.get("op"), str) and value["op"] in OPERATIONS


def handle(topic, key, value):
    """One record. A null value only marks the key of a delete, which came before it, for compaction."""
    if value is None:
        return
    change = read(value)
    line = {"topic": topic, "key": read(key)}
    if is_change(change):
        line = {
            "op": OPERATIONS[change["op"]],
            **line,
            "before": change.get("before"),
            "after": change.get("after"),
            # Names of columns with large values that an update did not change: neither row has them.
            "unchanged": change.get("unchanged", []),
        }
    else:
        line["value"] = change
    print(json.dumps(line, ensure_ascii=False))


# The partitions that this process reads now.
assigned = set()


def on_assign(_, partitions):
    assigned.update((each.topic, each.partition) for each in partitions)


def on_revoke(_, partitions):
    assigned.difference_update((each.topic, each.partition) for each in partitions)


# With cdc:exactlyOnce the topics also hold aborted records. This client hands out committed ones only, without being told.
consumer = Consumer(
    {
        "bootstrap.servers": brokers,
        "group.id": group,
        # A group without an offset begins with the first record. Otherwise it would miss the snapshot.
        "auto.offset.reset": "earliest",
        # An offset is committed after its record was handled. After a crash, records without a committed offset come again.
        "enable.auto.commit": False,
        # The topics may be made after this program has started. By default it would look for them every five minutes.
        "topic.metadata.refresh.interval.ms": 2000,
        "topic.blacklist": ",".join(letters),
    }
)
consumer.subscribe(topics + further, on_assign=on_assign, on_revoke=on_revoke, on_lost=on_revoke)
server = HTTPServer(("0.0.0.0", port), Health)
threading.Thread(target=server.serve_forever, daemon=True).start()

while not stopping.is_set():
    handled = False
    for message in consumer.consume(500, timeout=0.5):
        if message.error() is None:
            handle(message.topic(), message.key(), message.value())
            handled = True
        elif message.error().code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
            # The client mends what can be mended by itself.
            print(message.error(), file=sys.stderr)
    if handled:
        try:
            consumer.commit(asynchronous=False)
        except KafkaException as error:
            # The broker is away, or the group has given the partitions to others meanwhile: these records come again.
            print(f"not committed: {error}", file=sys.stderr)
# Leaves the group, so that the next consumer need not wait until this one's session ends.
consumer.close()
