#!/bin/bash
# Starts PostgreSQL with the contract that users know from the well-known image:
#   POSTGRES_USER, POSTGRES_DB       superuser and database made at the first start (default: postgres, the user)
#   POSTGRES_PASSWORD_FILE           file with the password, required at the first start. Beyond the well-known image:
#                                    a new container on an old cluster gives the superuser the password that it brings
#   /docker-entrypoint-initdb.d/     *.sql, *.sql.gz and *.sh, run once, in the order of their names. Beyond the well-known
#                                    image: when one fails, every client is told which, where and why
#   POSTGRES_SCHEDULING              the server's scheduling policy, as chrt(1) names it: `batch`. Beyond the well-known
#                                    image (default: the system's)
#   arguments                        go to postgres: `postgres -c wal_level=logical`. Beyond the well-known image: where the
#                                    server refuses one, every client is told why
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
  # Not `cp -a`, which would also copy times and attributes of a thousand files.
  (umask 077 && cp -r "$template" "$data")

  # Not reachable by TCP, so that nobody takes a half-made database for a ready one. The server gets its own arguments, because a file may need
  # them: a slot can only be made with wal_level=logical.
  pg_ctl --pgdata="$data" --wait --silent --log="$data/initializing.log" \
    --options="${*@Q} -c listen_addresses='' -c fsync=off -c logging_collector=off" start \
    || does_not_start "$data/initializing.log"
  local psql=(psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1)
  # A session cannot rename its own role. So another superuser does it, and is dropped afterwards.
  "${psql[@]}" --username=postgres --dbname=postgres --command='create role initializing superuser login'
  {
    [ "$user" = postgres ] || echo 'alter role postgres rename to :"user";'
    # psql reads the password from the file, so that it is in no argument and no log.
    echo "\\set password \`cat '$password_file'\`"
    echo "set log_statement = none; set log_min_error_statement = panic;"
    echo 'alter role :"user" password :'"'password'"';'
    [ "$database" = postgres ] || echo 'create database :"database" owner :"user" strategy file_copy;'
  } | "${psql[@]}" --username=initializing --dbname=postgres --set=user="$user" --set=database="$database"
  psql+=(--username="$user")
  "${psql[@]}" --dbname=postgres --command='drop role initializing'
  psql+=(--dbname="$database")
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sql) run_once "$file" "${psql[@]}" --file="$file" ;;
      *.sql.gz) run_once "$file" unpacked "$file" "${psql[@]}" ;;
      *.sh) run_once "$file" env PGUSER="$user" PGDATABASE="$database" bash "$file" ;;
    esac
  done
  pg_ctl --pgdata="$data" --wait --silent --mode=fast stop
  rm -f "$data/initializing.log"
  initdb --sync-only --sync-method=syncfs --pgdata="$data" > /dev/null
  # The last step, and atomic: the cluster exists whole or not at all.
  mv "$data" "$PGDATA"
}

# unpacked FILE COMMAND: has psql read the unpacked text. That is a file with the pack's name, so that messages have it.
unpacked() {
  local text
  text=/tmp/$(basename "$1" .gz)
  gunzip --stdout "$1" > "$text" && "${@:2}" --file="$text"
}

# run_once FILE COMMAND: runs a file's command. When it fails, the server is stopped, and every client gets the reason until the container is
# removed.
run_once() {
  local file=$1 said=/tmp/first-start-said
  shift
  say "running $file"
  if "$@" 2> "$said"; then
    cat "$said" >&2
    return
  fi
  cat "$said" >&2
  pg_ctl --pgdata="$PGDATA.initializing" --wait --silent --mode=immediate stop
  local why
  # psql stops at the first error; its last lines name file, line and message.
  why=$(grep --after-context=5 --max-count=1 -E '(ERROR|FATAL|PANIC):|error:' "$said" || tail --lines=5 "$said")
  echo "the first start of this database failed at ${file##*/}: ${why:-it ended without a word}" > "$failed"
  say_why
}

say_why() {
  say "$(cat "$failed")"
  exec perl /usr/local/bin/say-why.pl 5432 "$failed"
}

# Refuses to start when the volume holds a cluster of another version: an empty one beside it would look like a database that has lost its rows.
refuse_beside_another() {
  local other
  for other in "${PGDATA%/*}"/PG_VERSION "${PGDATA%/*}"/[0-9]*/PG_VERSION "${PGDATA%/*}"/[0-9]*/docker/PG_VERSION; do
    case $other in *.initializing/*) continue ;; esac
    [ -s "$other" ] || continue
    echo "this server looks for its cluster in $PGDATA, and the volume holds one of PostgreSQL $(cat "$other") in ${other%/*}:" \
      "set the version or image of before again, or take the rows along (docs/upgrading.md); nothing was changed" > "$failed"
    say_why
  done
}

# Tells every client when the server would end at once because of its arguments. The template stands in for the cluster, which may not be made yet.
refuse_settings() {
  local why
  why=$(postgres -C port -D "$template" "$@" 2>&1 > /dev/null) && return
  echo "this server refuses its settings: ${why##*FATAL:  }" > "$failed"
  say_why
}

# does_not_start LOG: tells every client why, and then ends, so that the container is restarted: a full disk may have room again.
does_not_start() {
  cat "$1" >&2
  local why
  why=$(grep --after-context=3 --max-count=1 -E '(FATAL|PANIC):' "$1" || tail --lines=3 "$1")
  echo "this server does not start: $(sed -E '1s/^.*(FATAL|PANIC):  //' <<< "$why")" > "$failed"
  rm -f "$1"
  say "$(cat "$failed")"
  timeout 20 perl /usr/local/bin/say-why.pl 5432 "$failed" || true
  exit 1
}

# While one of these files exists, there is no server. With the first, there is no database either. The health check looks for both as well.
failed=/run/postgresql/first-start-failed
rm -f "$failed" /run/postgresql/start-failed
[ ! -s "$PGDATA/PG_VERSION" ] || failed=/run/postgresql/start-failed

# This file is in the container, not in the volume. So a container that is only restarted keeps a password that somebody set by hand.
password_applied=/var/lib/postgresql/password-applied

apply_password() {
  [ -s "${POSTGRES_PASSWORD_FILE:-}" ] || return 0
  local log=/var/lib/postgresql/applying-password.log
  local password
  password=$(head -n 1 "$POSTGRES_PASSWORD_FILE")
  PGCTLTIMEOUT=600 pg_ctl --pgdata="$PGDATA" --wait --silent --log="$log" \
    --options="-c listen_addresses='' -c logging_collector=off ${*@Q}" start || does_not_start "$log"
  # psql sends only the password's verifier, so no log can hold the password. Without a terminal, psql reads it from standard input, twice.
  printf '%s\n%s\n' "$password" "$password" \
    | setsid --wait psql --no-psqlrc --quiet --username="$user" --dbname=postgres --command='\password' 2> /dev/null \
    || say "the password of $user could not be set"
  pg_ctl --pgdata="$PGDATA" --wait --silent --mode=fast stop
  rm -f "$log"
}

[ "${1:-}" = postgres ] || exec "$@"
shift
refuse_settings "$@"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  refuse_beside_another
  initialize "$@"
elif [ ! -e "$password_applied" ]; then
  apply_password "$@"
fi
touch "$password_applied"
# When the system refuses the policy, the server runs without it.
[ -z "${POSTGRES_SCHEDULING:-}" ] || chrt "--$POSTGRES_SCHEDULING" --pid 0 $$ || true
exec postgres -c listen_addresses='*' "$@"
