#!/bin/bash
# Upgrades a stopped cluster to another version. The new cluster is made beside it in the volume. The old one stays unchanged, with another name.
# Usage: upgrade.sh FROM TO USER DATABASE [SERVER ARGUMENT …]   USER is the superuser that the cluster was made with
# Its input is what psql reads in the new cluster's DATABASE; it may connect to others.
# Prints a line for each logical slot of the new cluster: `slot NAME BYTES`, where BYTES is the position up to which it was read; and one for each
# database whose statistics could not be made: `unanalyzed NAME: REASON`.
# CLUSTERS and SERVERS: folders of the volume's clusters and of both servers, for a test.
set -euo pipefail
from=$1 to=$2 user=$3 database=$4
shift 4
place=${CLUSTERS:-/var/lib/postgresql/data} servers=${SERVERS:-/usr/lib/postgresql}
old=$place/$from new=$place/$to
# Its server does not look here, so that nobody goes on in it by mistake.
kept=$place/$from.before-$to
# The names of a first start that is under way: no image takes these for a cluster.
copy=$old.initializing made=$new.initializing
old_bin=$servers/$from/bin new_bin=$servers/$to/bin
options="${*@Q}"
# pg_upgrade puts its options between double quotes of a shell's.
quoted=$(sed 's/[\\"$`]/\\&/g' <<< "$options")

fail() { echo "$*" >&2; exit 1; }

# serve BIN DATA [ARGUMENT …]: starts a server on a socket that nobody else has.
serve() {
  local bin=$1 data=$2 log=/tmp/served.log
  shift 2
  PGCTLTIMEOUT=600 "$bin/pg_ctl" --pgdata="$data" --wait --silent --log="$log" \
    --options="$options -c listen_addresses='' -c unix_socket_directories=/tmp $*" start || { cat "$log" >&2; exit 1; }
}

ask() { psql --host=/tmp --username="$user" --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 "$@"; }

# A name may have blanks and signs that --dbname would take for a connection string.
in_database() { PGDATABASE=$1 ask "${@:2}"; }

upgrade() {
  cd /tmp
  "$new_bin/pg_upgrade" --old-datadir="$1" --new-datadir="$made" --old-bindir="$old_bin" --new-bindir="$new_bin" --username="$user" \
    --socketdir=/tmp --old-options="$quoted" --new-options="$quoted" "$2" > said 2>&1 && return
  {
    grep -v -E ' ok *$' said | tail --lines=20
    find "$made" -path '*pg_upgrade_output.d*' -name '*.txt' -exec cat {} +
    find "$made" -path '*pg_upgrade_output.d*' -name '*.log' -exec grep --no-filename -E '(ERROR|FATAL|PANIC|error|fatal):' {} +
  } >&2
  fail "pg_upgrade did not do it"
}

# In 17.12, each column has an option that 18.6 does not know, and pg_upgrade would stop at it. A version that has the option sets it itself.
forget_unknown_options() {
  ! grep --quiet --text pg_attver "$new_bin/postgres" || return 0
  local each slot
  serve "$old_bin" "$copy" -c allow_system_table_mods=on
  ask --dbname=postgres --command="select datname from pg_database where datallowconn" | while IFS= read -r each; do
    in_database "$each" --command="update pg_attribute set attoptions = nullif(array(
      select o from unnest(attoptions) o where o not like 'pg_attver=%'), '{}') where attoptions::text like '%pg_attver=%'" < /dev/null
  done
  # These updates are in the log, and are no changes. Nothing else waits for the slots, which was checked before.
  ask --dbname=postgres --command="select slot_name, datname from pg_replication_slots join pg_database on datname = database" \
    --field-separator=$'\t' | while IFS=$'\t' read -r slot each; do
    in_database "$each" --command="select pg_replication_slot_advance('$slot', pg_current_wal_flush_lsn())" < /dev/null > /dev/null
  done
  "$old_bin/pg_ctl" --pgdata="$copy" --wait --silent --mode=fast stop
}

make() {
  local need free checksums=--no-data-checksums
  rm -rf "$copy" "$made"
  need=$(du -sk "$old" | cut -f 1)
  free=$(df -kP "$place" | awk 'NR == 2 { print $4 }')
  [ "$free" -gt $((need + need / 10 + 65536)) ] \
    || fail "the volume has $((free / 1024)) MB left, and the copy of the cluster takes $((need / 1024)) MB: make room first"
  [ "$("$old_bin/pg_controldata" "$old" | sed -n 's/^Data page checksum version: *//p')" = 0 ] || checksums=--data-checksums
  "$new_bin/initdb" --pgdata="$made" --username="$user" --encoding=UTF8 --locale=C.UTF-8 "$checksums" --auth-local=trust \
    --auth-host=scram-sha-256 --no-instructions --no-sync > /dev/null
  # Settings that somebody made by hand or by ALTER SYSTEM.
  cp "$old"/{postgresql.conf,postgresql.auto.conf,pg_hba.conf,pg_ident.conf} "$made"
  upgrade "$old" --check
  (umask 077 && cp -r --reflink=auto "$old" "$copy")
  forget_unknown_options
  # With --link, the upgrade uses up the copy.
  upgrade "$copy" --link
  rm -rf "$copy" "$made/delete_old_cluster.sh"
  sync --file-system "$made"
  # In this order: after an interruption between the two, there is no cluster that its server would find and that is not whole.
  mv "$old" "$kept"
  mv "$made" "$new"
}

# Left by an upgrade that somebody took back. Which of the clusters has the rows that count is not known here.
if [ -e "$old/PG_VERSION" ]; then
  for each in "$new" "$kept"; do
    [ ! -e "$each" ] || fail "the volume has the cluster of PostgreSQL $from in $old, and $each beside it: move that one away first"
  done
fi
if [ ! -e "$new/PG_VERSION" ]; then
  # It was interrupted between the two moves, so it starts again from the beginning.
  [ -e "$old/PG_VERSION" ] || [ ! -e "$kept/PG_VERSION" ] || mv "$kept" "$old"
  [ -e "$old/PG_VERSION" ] || fail "there is no cluster of PostgreSQL $from in the volume"
  make
fi
serve "$new_bin" "$new"
ask --dbname="$database" --file=-
# pg_upgrade does not carry over all statistics of the planner. The cluster is whole without them, so what fails here (an index on a function that needs
# a search_path does) is told, and ends nothing. Each database by itself: one that fails keeps no other from having its own.
ask --dbname=postgres --command="select datname from pg_database where datallowconn" | while IFS= read -r each; do
  said=$("$new_bin/vacuumdb" --host=/tmp --username="$user" --dbname="$each" --analyze-only --missing-stats-only --quiet 2>&1 < /dev/null) \
    || echo "unanalyzed $each: ${said//$'\n'/ }"
done
ask --dbname=postgres --field-separator=' ' \
  --command="select 'slot', slot_name, confirmed_flush_lsn - '0/0' from pg_replication_slots where slot_type = 'logical'"
"$new_bin/pg_ctl" --pgdata="$new" --wait --silent --mode=fast stop
