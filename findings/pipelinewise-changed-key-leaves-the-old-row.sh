#!/usr/bin/env bash
# Package:  pipelinewise-tap-postgres 1.8.4 (PyPI), log based replication from Postgres to Singer targets.
# Input:    messages as wal2json writes them (format version 1) for a table with a key, an integer[], a bit(3), a timestamp
#           and a time: an update that changes the key, a NULL array, '-infinity', 24:00:00.
# Guess:    an update of the key says also that the old key is gone; NULL stays null; what has no form in the target is
#           refused, or null.
# Found:    the old key in the message is not read: only the row under its new key is sent, and the old one stays in the
#           target for good. A NULL array is sent as an empty one. bit(3) '101' is sent as false, as each bit string but '1'.
#           -infinity is sent as the last moment of 9999, the same as infinity, and so is each timestamp before Christ.
#           24:00:00 is sent as 00:00:00. Nothing of it is in the log.
# Needs Python 3.8 or newer with venv. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet pipelinewise-tap-postgres==1.8.4 python-dateutil==4.0.0 > pip.log 2>&1 || { cat pip.log; exit 1; }
cat > look.py <<'PYTHON'
import datetime
import json
from types import SimpleNamespace

from tap_postgres import db
from tap_postgres.sync_strategies import logical_replication

TYPES = {"id": "integer", "numbers": "integer[]", "bits": "bit", "at": "timestamp without time zone",
         "time": "time without time zone"}
STREAM = {
    "tap_stream_id": db.compute_tap_stream_id("public", "t"),
    "stream": "t",
    "table_name": "t",
    "schema": {"properties": {name: {} for name in TYPES}},
    "metadata": [{"breadcrumb": [], "metadata": {"schema-name": "public"}}]
    + [{"breadcrumb": ["properties", name], "metadata": {"sql-datatype": of, "selected": True}} for name, of in TYPES.items()],
}
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


def send(what, kind, **values):
    payload = {"schema": "public", "table": "t", "kind": kind, "columnnames": list(values), "columnvalues": list(values.values())}
    if kind == "update":
        payload["oldkeys"] = {"keynames": ["id"], "keytypes": ["integer"], "keyvalues": [1]}
    print(what, flush=True)
    state = {"bookmarks": {STREAM["tap_stream_id"]: {"version": 1}}}
    message = SimpleNamespace(payload=json.dumps(payload), data_start=1)
    logical_replication.consume_message([STREAM], state, message, NOW, {})


send("update of the key from 1 to 2", "update", id=2)
send("an array that is NULL", "insert", id=3, numbers=None)
send("bits 101", "insert", id=4, bits="101")
send("-infinity and 24:00", "insert", id=5, at="-infinity", time="24:00:00")
send("before Christ", "insert", id=6, at="0044-03-15 12:00:00 BC")
PYTHON
env/bin/python look.py 2> log | sed 's/.*"record": \(.*\), "_sdc_deleted_at".*/  \1}/' | tee seen || { cat log; exit 1; }
grep -iE 'warn|error' log && { echo "changed: something is in the log"; exit 1; }
diff seen - <<'SEEN' || { echo "changed: keys, NULLs, bits or times are sent otherwise than they were"; exit 1; }
update of the key from 1 to 2
  {"id": 2}
an array that is NULL
  {"id": 3, "numbers": []}
bits 101
  {"id": 4, "bits": false}
-infinity and 24:00
  {"id": 5, "at": "9999-12-31T23:59:59.999+00:00", "time": "00:00:00"}
before Christ
  {"id": 6, "at": "9999-12-31T23:59:59.999+00:00"}
SEEN
echo "as described"
