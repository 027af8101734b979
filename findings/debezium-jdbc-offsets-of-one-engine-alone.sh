#!/usr/bin/env bash
# Package:  io.debezium:debezium-storage-jdbc 3.5.0.Final (Maven): JdbcOffsetBackingStore, where the embedded engine and
#           Debezium Server keep their offsets in a database; here H2 2.3.232.
# Input:    two engines with different names that share the table, which is debezium_offset_storage unless something is said.
#           Its rows have a key in which the engine's name is, as the keys of Kafka Connect's shared topic of offsets have.
# Guess:    an engine writes the rows of its own keys, and others' stay.
# Found:    each flush deletes every row of the table and writes what the engine has in memory: its own, and the others' as they
#           were when it started. An engine that started later is lost: it makes its snapshot again when it restarts. One that
#           started earlier is set back, to an offset whose write-ahead log its slot may have let go. It depends on who wrote last.
# Way out:  offset.storage.jdbc.table.name of its own for each engine.
# Needs Java 17 or newer and Maven. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>look</groupId><artifactId>look</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.debezium</groupId><artifactId>debezium-storage-jdbc</artifactId><version>3.5.0.Final</version></dependency>
    <dependency><groupId>io.debezium</groupId><artifactId>debezium-embedded</artifactId><version>3.5.0.Final</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
    <dependency><groupId>com.h2database</groupId><artifactId>h2</artifactId><version>2.3.232</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import io.debezium.embedded.EmbeddedWorkerConfig;
import io.debezium.storage.jdbc.offset.JdbcOffsetBackingStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

public class Look {
    public static void main(String[] args) throws Exception {
        JdbcOffsetBackingStore orders = engine();
        commit(orders, "orders", "100");
        JdbcOffsetBackingStore users = engine();
        commit(users, "users", "900");
        show("both have committed once");
        commit(orders, "orders", "200");
        show("orders has committed again");
        commit(users, "users", "901");
        show("users has committed again");
        orders.stop();
        users.stop();
    }

    private static JdbcOffsetBackingStore engine() {
        Map<String, String> settings = new HashMap<>();
        for (String of : new String[]{ "key", "value" }) {
            settings.put(of + ".converter", "org.apache.kafka.connect.json.JsonConverter");
        }
        settings.put("bootstrap.servers", "not-used:9092");
        settings.put("offset.storage.file.filename", "");
        settings.put("offset.storage.jdbc.connection.url", "jdbc:h2:mem:offsets;DB_CLOSE_DELAY=-1");
        settings.put("offset.storage.jdbc.connection.user", "look");
        settings.put("offset.storage.jdbc.connection.password", "look");
        settings.put("offset.storage.jdbc.table.name", "DEBEZIUM_OFFSET_STORAGE"); // as H2 spells it
        JdbcOffsetBackingStore store = new JdbcOffsetBackingStore();
        store.configure(new EmbeddedWorkerConfig(settings));
        store.start();
        return store;
    }

    private static ByteBuffer key(String name) {
        return bytes("[\"" + name + "\",{\"server\":\"" + name + "\"}]");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void commit(JdbcOffsetBackingStore store, String name, String lsn) throws Exception {
        store.set(Map.of(key(name), bytes("{\"lsn\":" + lsn + "}")), null).get();
    }

    /** What an engine of each name goes on from when it is started now. */
    private static void show(String when) throws Exception {
        JdbcOffsetBackingStore fresh = engine();
        System.out.println(when);
        for (String name : List.of("orders", "users")) {
            ByteBuffer offset = fresh.get(List.of(key(name))).get().get(key(name));
            System.out.println("  " + name + ": " + (offset == null ? "no offset" : StandardCharsets.UTF_8.decode(offset)));
        }
        fresh.stop();
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: the offsets of two engines in one table are kept otherwise than they were"; exit 1; }
both have committed once
  orders: {"lsn":100}
  users: {"lsn":900}
orders has committed again
  orders: {"lsn":200}
  users: no offset
users has committed again
  orders: {"lsn":100}
  users: {"lsn":901}
SEEN
echo "as described"
