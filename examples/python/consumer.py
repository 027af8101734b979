"""A consumer in Python: prints each change, commits what it has printed, and says over HTTP that it is well.

What it is told by its environment, and the form of the records, is in docs/consumer.md, "A consumer of your own".
"""

import json
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from kafka import KafkaConsumer

topics = os.environ["KAFKA_TOPICS"].split(",")
stopping = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stopping.set())


class Health(BaseHTTPRequestHandler):
    """200 while the group gives this process something to read."""

    def do_GET(self):
        well = self.path == "/healthz" and bool(consumer.assignment())
        self.send_response(200 if well else 503)
        self.end_headers()

    def log_message(self, *_):
        pass


def handle(topic, key, value):
    """One record. A null value only marks the key of a delete, which came before it, for compaction."""
    if value is None:
        return
    change = json.loads(value)
    operation = {"r": "snapshot", "c": "create", "u": "update", "d": "delete", "t": "truncate", "m": "message"}
    line = {
        "op": operation[change["op"]],
        "topic": topic,
        "key": json.loads(key) if key else None,
        "before": change.get("before"),
        "after": change.get("after"),
        # Names of columns with large values that an update did not change: neither row has them.
        "unchanged": change.get("unchanged", []),
    }
    print(json.dumps(line, ensure_ascii=False))


consumer = KafkaConsumer(
    bootstrap_servers=os.environ["KAFKA_BROKERS"].split(","),
    group_id=os.environ["KAFKA_GROUP_ID"],
    # A group without an offset begins with the first record. Otherwise it would miss the snapshot.
    auto_offset_reset="earliest",
    # An offset is committed after its record was handled. After a crash, records without a committed offset come again.
    enable_auto_commit=False,
)
consumer.subscribe(topics)
server = HTTPServer(("0.0.0.0", int(os.environ["HTTP_PORT"])), Health)
threading.Thread(target=server.serve_forever, daemon=True).start()

while not stopping.is_set():
    fetched = consumer.poll(timeout_ms=500)
    for records in fetched.values():
        for record in records:
            handle(record.topic, record.key, record.value)
    if fetched:
        consumer.commit()
# Leaves the group, so that the next consumer need not wait until this one's session ends.
consumer.close(autocommit=False)
