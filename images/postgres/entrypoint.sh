#!/bin/bash
# Starts PostgreSQL with the contract that users know from the well-known image:
#   POSTGRES_USER, POSTGRES_DB       superuser and database made at the first start (default: postgres, the user)
#   POSTGRES_PASSWORD_FILE           file with the password, required at the first start. Beyond the well-known image:
#                                    a new container on an old cluster gives the superuser the password that it brings
#   /docker-entrypoint-initdb.d/     *.sql and *.sh, run once, in the order of their names
#   POSTGRES_SCHEDULING              the server's scheduling policy, as chrt(1) names it: `batch`. Beyond the well-known
#                                    image (default: the system's)
#   arguments                        go to postgres: `postgres -c wal_level=logical`
set -euo pipefail

user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}

template=/var/lib/postgresql/template

say() { echo "entrypoint: $*"; }

initialize() {
  local password_file=${POSTGRES_PASSWORD_FILE:?entrypoint: POSTGRES_PASSWORD_FILE must name a file with the password}
  local data=$PGDATA.initializing
  # Left by a start that was killed: nothing in it was ever used.
  rm -rf "$data"
  say "making the cluster for user $user and database $database"
  # Not `cp -a`, which asks after times and attributes of a thousand files.
  (umask 077 && cp -r "$template" "$data")

  # Not reachable by TCP: nobody takes a half-made database for a ready one.
  pg_ctl --pgdata="$data" --wait --silent --log="$data/initializing.log" \
    --options="-c listen_addresses='' -c fsync=off -c logging_collector=off $*" start \
    || { cat "$data/initializing.log" >&2; return 1; }
  local psql=(psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1)
  # Nobody can rename the role of their own session, so another superuser does it and goes.
  "${psql[@]}" --username=postgres --dbname=postgres --command='create role initializing superuser login'
  {
    [ "$user" = postgres ] || echo 'alter role postgres rename to :"user";'
    # A word from a file is in no argument and no log.
    echo "\\set password \`cat '$password_file'\`"
    echo "set log_statement = none; set log_min_error_statement = panic;"
    echo 'alter role :"user" password :'"'password'"';'
    [ "$database" = postgres ] || echo 'create database :"database" owner :"user" strategy file_copy;'
  } | "${psql[@]}" --username=initializing --dbname=postgres --set=user="$user" --set=database="$database"
  psql+=(--username="$user")
  "${psql[@]}" --dbname=postgres --command='drop role initializing'
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sql) say "running $file"; "${psql[@]}" --dbname="$database" --file="$file" ;;
      *.sh) say "running $file"; PGUSER=$user PGDATABASE=$database bash "$file" ;;
    esac
  done
  pg_ctl --pgdata="$data" --wait --silent --mode=fast stop
  rm -f "$data/initializing.log"
  initdb --sync-only --sync-method=syncfs --pgdata="$data" > /dev/null
  # Last, and atomic: the cluster is there whole or not at all.
  mv "$data" "$PGDATA"
}

# In the container, not in the volume: one that merely starts again leaves alone what was changed by hand.
password_applied=/var/lib/postgresql/password-applied

apply_password() {
  [ -s "${POSTGRES_PASSWORD_FILE:-}" ] || return 0
  local log=/var/lib/postgresql/applying-password.log
  local password
  password=$(head -n 1 "$POSTGRES_PASSWORD_FILE")
  PGCTLTIMEOUT=600 pg_ctl --pgdata="$PGDATA" --wait --silent --log="$log" \
    --options="-c listen_addresses='' -c logging_collector=off ${*@Q}" start || { cat "$log" >&2; return 1; }
  # psql sends the verifier only, so no log can hold the word; without a terminal it asks standard input, twice.
  printf '%s\n%s\n' "$password" "$password" \
    | setsid --wait psql --no-psqlrc --quiet --username="$user" --dbname=postgres --command='\password' 2> /dev/null \
    || say "the password of $user could not be set"
  pg_ctl --pgdata="$PGDATA" --wait --silent --mode=fast stop
  rm -f "$log"
}

[ "${1:-}" = postgres ] || exec "$@"
shift
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initialize
elif [ ! -e "$password_applied" ]; then
  apply_password "$@"
fi
touch "$password_applied"
# Where it is refused, the server runs without.
[ -z "${POSTGRES_SCHEDULING:-}" ] || chrt "--$POSTGRES_SCHEDULING" --pid 0 $$ || true
exec postgres -c listen_addresses='*' "$@"
