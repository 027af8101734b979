#!/bin/bash
# Runs the whole pipeline once, so that each Java program writes its ahead-of-time cache, /kafka/aot/<program>.aot: which classes it loads and
# links. Needs Postgres and curl, which the final image does not have.
set -euo pipefail

training=/kafka/training
work=/tmp/training
export PGHOST=$work PGDATABASE=postgres PATH=$PATH:/usr/lib/postgresql/17/bin
declare -A pids

fail() { echo "training: $*" >&2; tail -n 40 "$work"/*.log >&2; exit 1; }

# The longest wait, in seconds. On a machine whose cores are all busy, a step takes minutes. When a program has ended, the wait ends at once.
longest=900

# until_true WHAT COMMAND...: tries the command ten times a second until it succeeds.
until_true() {
  local what=$1 name
  shift
  until "$@" 2> /dev/null; do
    [ $SECONDS -lt $longest ] || fail "waited too long for $what"
    for name in "${!pids[@]}"; do
      kill -0 "${pids[$name]}" 2> /dev/null || fail "$name ended while waiting for $what"
    done
    sleep 0.1
  done
}

answers() { (exec 3<> "/dev/tcp/127.0.0.1/$1"); }

# program NAME HEAP ARGFILE MAIN: starts a program that writes its cache at its end. HEAP is in MB.
program() {
  java "@/kafka/config/$3" "-Xmx$2m" "-XX:AOTCacheOutput=/kafka/aot/$1.aot" "$4" "$work/$1.properties" \
    > "$work/$1.log" 2>&1 &
  pids[$1]=$!
}

# finish NAME: ends the program, which writes its cache then.
finish() {
  kill "${pids[$1]}"
  wait "${pids[$1]}" || true
  [ -s "/kafka/aot/$1.aot" ] || fail "$1 wrote no cache"
  echo "training: $1 $(du --block-size=M "/kafka/aot/$1.aot" | cut -f1)"
}

sql() { psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 "$@"; }
# rest METHOD PATH [CURL OPTIONS...]
rest() {
  curl --silent --show-error --fail --noproxy '*' --header 'Content-Type: application/json' \
    --header 'Authorization: Bearer training' --output "$work/answer" --request "$1" "http://127.0.0.1:8083/$2" "${@:3}"
}
streaming() {
  rest GET connectors/training/status && grep -q '"tasks":\[{"id":0,"state":"RUNNING"' "$work/answer" \
    && [ "$(sql -c "$caught_up")" = t ]
}

caught_up="select confirmed_flush_lsn >= (select lsn from mark) from pg_replication_slots where active"

mkdir -p "$work/postgres"
printf training > "$work/password"
initdb --pgdata="$work/postgres" --username=kafka --pwfile="$work/password" --auth-local=trust \
  --auth-host=scram-sha-256 --no-sync > "$work/initdb.log"
pg_ctl --pgdata="$work/postgres" --wait --silent --log="$work/postgres.log" \
  --options="-c wal_level=logical -c fsync=off -c unix_socket_directories=$work" start
for check in FreshSlotSaidCheck OtherNameCheck PrintedTypesCheck; do
  java -cp "$training/checks:$(find /kafka/libs /kafka/debezium -name '*.jar' | paste -sd:)" "cdc.$check" kafka training postgres
done
sql --file="$training/tables.sql"

cp "$training"/*.properties "$work"
cat "$training/broker.properties" >> "$work/server.properties"
if [ -e "$training/zookeeper.properties" ]; then
  program zookeeper 64 kafka.args org.apache.zookeeper.server.quorum.QuorumPeerMain
  until_true ZooKeeper answers 2181
else
  # formatted FOLDER OPTION: makes a folder from which format.sh starts a broker. Without the feature, the brokers' properties say how many
  # copies a write needs. With it, the value of the broker that began the cluster would count for ever.
  formatted() {
    rm -rf "$work/kafka"
    java @/kafka/config/kafka.args kafka.tools.StorageTool format --cluster-id MadeInTheBuildOfImages \
      --feature eligible.leader.replicas.version=0 "$2" --config "$work/server.properties"
    cp -R "$work/kafka" "/kafka/formatted/$1"
    mv "/kafka/formatted/$1/meta.properties" "/kafka/formatted/$1/meta.properties.made"
  }
  formatted further --no-initial-controllers
  formatted first --standalone
  # In the image, root owns these files, and each broker copies them.
  chmod -R a+rX /kafka/formatted
fi
program server 256 kafka.args kafka.Kafka
until_true Kafka answers 9092
program connect 512 connect.args cdc.StackWorker
until_true Connect rest GET health
# The requests by which the Pulumi program registers a connector that has no slot yet.
rest PUT connector-plugins/PostgresConnector/config/validate --data "@$training/connector.json"
rest POST connectors --data "{\"name\":\"training\",\"initial_state\":\"STOPPED\",\"config\":$(< "$training/connector.json")}"
until_true "the connector's offsets to be forgotten" rest DELETE connectors/training/offsets
rest PUT connectors/training/resume
until_true "the end of the snapshot" streaming

sql --file="$training/changes.sql"
sql -c "update mark set lsn = pg_current_wal_lsn()"
until_true "the changes" streaming

finish connect
finish server
[ ! -e "$training/zookeeper.properties" ] || finish zookeeper
pg_ctl --pgdata="$work/postgres" --mode=immediate --silent stop
