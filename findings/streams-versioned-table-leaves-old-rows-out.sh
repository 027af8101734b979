#!/usr/bin/env bash
# Package:  org.apache.kafka:kafka-streams 4.3.1 (Maven): a table in a versioned store, by which a join finds the row that was valid at the
#           order's time; run by kafka-streams-test-utils 4.3.1.
# Input:    a first copy of a table, each row with the time of its last change: now, 30 days ago, 2 hours ago, 30 minutes ago; history
#           retention 1 hour. Then a delete of the first row that happened 5 seconds before its last change and comes late.
# Guess:    retention says how long old versions are kept beside the row's newest one, which is always there; a late delete changes nothing.
# Found:    what is older than the newest time of any row less the retention is not stored, though its key has no version at all: two of
#           four rows are in no join and no count, for as long as they do not change. In a plain table all four are. The late delete is
#           left out by the table and by counts, and written by toStream() all the same: the topic of the table's changes says that the
#           row is deleted, while the table has it.
# Way out:  a retention longer than the oldest row is old; for the topic of changes none.
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
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-streams</artifactId><version>4.3.1</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-streams-test-utils</artifactId><version>4.3.1</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

public class Look {
    private static final Serde<String> TEXT = Serdes.String();
    private static final Instant NOW = Instant.parse("2026-01-10T00:00:00Z");

    public static void main(String[] args) {
        look("plain", Materialized.as(Stores.inMemoryKeyValueStore("customers")));
        look("versioned, an hour", Materialized.as(Stores.persistentVersionedKeyValueStore("customers", Duration.ofHours(1))));
        look("versioned, 60 days", Materialized.as(Stores.persistentVersionedKeyValueStore("customers", Duration.ofDays(60))));
    }

    private static void look(String what, Materialized<String, String, KeyValueStore<Bytes, byte[]>> store) {
        StreamsBuilder builder = new StreamsBuilder();
        KTable<String, String> customers = builder.table("customers", Consumed.with(TEXT, TEXT), store);
        builder.stream("orders", Consumed.with(TEXT, TEXT)).leftJoin(customers, (order, customer) -> customer).to("joined", Produced.with(TEXT, TEXT));
        customers.groupBy((key, customer) -> KeyValue.pair("all", customer), Grouped.with(TEXT, TEXT)).count().toStream()
                .mapValues(count -> "" + count).to("counts", Produced.with(TEXT, TEXT));
        customers.toStream().to("changes", Produced.with(TEXT, TEXT));
        Properties settings = new Properties();
        settings.put("application.id", "look");
        settings.put("bootstrap.servers", "none:1");
        settings.put("state.dir", "state");
        try (TopologyTestDriver driver = new TopologyTestDriver(builder.build(), settings)) {
            TestInputTopic<String, String> rows = driver.createInputTopic("customers", new StringSerializer(), new StringSerializer());
            rows.pipeInput("1", "changed now", NOW);
            rows.pipeInput("2", "changed 30 days ago", NOW.minus(Duration.ofDays(30)));
            rows.pipeInput("3", "changed 2 hours ago", NOW.minus(Duration.ofHours(2)));
            rows.pipeInput("4", "changed 30 minutes ago", NOW.minus(Duration.ofMinutes(30)));
            System.out.println(what + ": joined " + joined(driver, "1", "2", "3", "4") + ", counted " + last(driver, "counts"));
            last(driver, "changes");
            rows.pipeInput("1", null, NOW.minusSeconds(5));
            System.out.println("  row 1 deleted late: joined " + joined(driver, "1") + ", counted anew " + last(driver, "counts") + ", topic of changes "
                    + last(driver, "changes"));
        }
    }

    private static List<String> joined(TopologyTestDriver driver, String... keys) {
        TestInputTopic<String, String> orders = driver.createInputTopic("orders", new StringSerializer(), new StringSerializer());
        for (String key : keys) {
            orders.pipeInput(key, "an order", NOW.plusSeconds(1));
        }
        return out(driver, "joined").readValuesToList();
    }

    private static KeyValue<String, String> last(TopologyTestDriver driver, String topic) {
        List<KeyValue<String, String>> all = out(driver, topic).readKeyValuesToList();
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    private static TestOutputTopic<String, String> out(TopologyTestDriver driver, String topic) {
        return driver.createOutputTopic(topic, new StringDeserializer(), new StringDeserializer());
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: a versioned table takes other rows than it did"; exit 1; }
plain: joined [changed now, changed 30 days ago, changed 2 hours ago, changed 30 minutes ago], counted KeyValue(all, 4)
  row 1 deleted late: joined [null], counted anew KeyValue(all, 3), topic of changes KeyValue(1, null)
versioned, an hour: joined [changed now, null, null, changed 30 minutes ago], counted KeyValue(all, 2)
  row 1 deleted late: joined [changed now], counted anew null, topic of changes KeyValue(1, null)
versioned, 60 days: joined [changed now, changed 30 days ago, changed 2 hours ago, changed 30 minutes ago], counted KeyValue(all, 4)
  row 1 deleted late: joined [changed now], counted anew null, topic of changes KeyValue(1, null)
SEEN
echo "as described"
