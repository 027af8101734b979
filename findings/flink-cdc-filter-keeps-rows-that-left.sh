#!/usr/bin/env bash
# Package:  org.apache.flink:flink-cdc-runtime 3.5.0 (Maven), the engine of Flink CDC's pipelines: the operator that carries out the rule
#           "transform: filter: …", run by the test harness of Flink 1.20.3.
# Input:    a table's changes, each update with its old and its new row. An order of the filter status = 'open' is done, and then deleted;
#           another is opened again. Rows with NULL, and numeric(20,4) and bigint beside literals.
# Guess:    the sink has the rows for which the filter is true, as SQL says: an update out of the filter is sent as a delete.
# Found:    the new row alone is asked. The update out of the filter is dropped, and so is the delete that follows: the sink keeps the
#           order as open for ever. The update into the filter stays an update, of a row that the sink has not. NULL passes <>, NOT and NOT
#           BETWEEN. A decimal or a bigint is not equal to the same number in the filter: n = 1 and amount = 1.5 keep out the row with just
#           these, and n <> 1 and amount <> 1.5 take it.
# Way out:  filter in the sink's queries, or by columns that are never updated and NOT NULL; CAST(n AS INT) = 1, CAST(amount AS DOUBLE) = 1.5.
# Needs Java 17 or newer and Maven. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>look</groupId><artifactId>look</artifactId><version>1</version>
  <properties><flink>1.20.3</flink></properties>
  <dependencies>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-cdc-runtime</artifactId><version>3.5.0</version></dependency>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-streaming-java</artifactId><version>${flink}</version></dependency>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-table-common</artifactId><version>${flink}</version></dependency>
    <!-- The harness. -->
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-streaming-java</artifactId><version>${flink}</version><classifier>tests</classifier></dependency>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-runtime</artifactId><version>${flink}</version><classifier>tests</classifier></dependency>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-core</artifactId><version>${flink}</version><classifier>tests</classifier></dependency>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-test-utils-junit</artifactId><version>${flink}</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.cdc.common.data.DecimalData;
import org.apache.flink.cdc.common.data.RecordData;
import org.apache.flink.cdc.common.data.binary.BinaryRecordData;
import org.apache.flink.cdc.common.data.binary.BinaryStringData;
import org.apache.flink.cdc.common.event.CreateTableEvent;
import org.apache.flink.cdc.common.event.DataChangeEvent;
import org.apache.flink.cdc.common.event.Event;
import org.apache.flink.cdc.common.event.TableId;
import org.apache.flink.cdc.common.schema.Schema;
import org.apache.flink.cdc.common.types.DataType;
import org.apache.flink.cdc.common.types.DataTypes;
import org.apache.flink.cdc.common.types.RowType;
import org.apache.flink.cdc.runtime.operators.transform.PostTransformOperator;
import org.apache.flink.cdc.runtime.serializer.event.EventSerializer;
import org.apache.flink.cdc.runtime.typeutils.BinaryRecordDataGenerator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;

public class Look {
    private static final TableId TABLE = TableId.tableId("public", "orders");
    private static final Schema SCHEMA = Schema.newBuilder().physicalColumn("id", DataTypes.INT().notNull())
            .physicalColumn("status", DataTypes.STRING()).physicalColumn("amount", DataTypes.DECIMAL(20, 4))
            .physicalColumn("n", DataTypes.BIGINT()).primaryKey("id").build();
    private static final BinaryRecordDataGenerator ROWS = new BinaryRecordDataGenerator((RowType) SCHEMA.toRowDataType());

    public static void main(String[] args) throws Exception {
        BinaryRecordData open = row(1, "open", "1.5", 1L);
        BinaryRecordData done = row(1, "done", "1.5", 1L);
        BinaryRecordData other = row(2, "done", "1.5", 1L);
        look("status = 'open'", DataChangeEvent.insertEvent(TABLE, open), DataChangeEvent.updateEvent(TABLE, open, done),
                DataChangeEvent.deleteEvent(TABLE, done), DataChangeEvent.insertEvent(TABLE, other),
                DataChangeEvent.updateEvent(TABLE, other, row(2, "open", "1.5", 1L)));
        DataChangeEvent nulls = DataChangeEvent.insertEvent(TABLE, row(3, null, null, null));
        for (String filter : List.of("status = 'open'", "status <> 'open'", "NOT (amount > 1)", "n NOT BETWEEN 1 AND 2")) look(filter, nulls);
        DataChangeEvent numbers = DataChangeEvent.insertEvent(TABLE, open);
        for (String filter : List.of("id = 1", "n = 1", "n <> 1", "CAST(n AS INT) = 1", "n > 0", "amount = 1.5", "amount <> 1.5",
                "CAST(amount AS DOUBLE) = 1.5")) look(filter, numbers);
    }

    private static BinaryRecordData row(int id, String status, String amount, Long n) {
        return ROWS.generate(new Object[] { id, status == null ? null : BinaryStringData.fromString(status),
                amount == null ? null : DecimalData.fromBigDecimal(new BigDecimal(amount), 20, 4), n });
    }

    private static void look(String filter, DataChangeEvent... changes) throws Exception {
        PostTransformOperator operator = PostTransformOperator.newBuilder().addTransform("public.orders", "*", filter).addTimezone("UTC").build();
        try (OneInputStreamOperatorTestHarness<Event, Event> harness = new OneInputStreamOperatorTestHarness<>(operator)) {
            harness.setup(EventSerializer.INSTANCE);
            harness.open();
            harness.processElement(new StreamRecord<>(new CreateTableEvent(TABLE, SCHEMA)));
            harness.getOutput().clear();
            System.out.println(filter);
            for (DataChangeEvent change : changes) {
                harness.processElement(new StreamRecord<>(change));
                StreamRecord<?> out = (StreamRecord<?>) harness.getOutput().poll();
                System.out.println("  " + told(change) + ": " + (out == null ? "nothing" : told((DataChangeEvent) out.getValue())));
            }
        }
    }

    private static String told(DataChangeEvent change) {
        return change.op() + (change.before() == null ? "" : " " + told(change.before())) + (change.after() == null ? "" : " to " + told(change.after()));
    }

    private static String told(RecordData row) {
        List<String> values = new ArrayList<>();
        List<DataType> types = SCHEMA.getColumnDataTypes();
        for (int at = 0; at < types.size(); at++) values.add("" + RecordData.createFieldGetter(types.get(at), at).getFieldOrNull(row));
        return String.join(" ", values);
    }
}
JAVA
java --add-opens java.base/java.util=ALL-UNNAMED -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: the filter of a pipeline lets other changes through than it did"; exit 1; }
status = 'open'
  INSERT to 1 open 1.5000 1: INSERT to 1 open 1.5000 1
  UPDATE 1 open 1.5000 1 to 1 done 1.5000 1: nothing
  DELETE 1 done 1.5000 1: nothing
  INSERT to 2 done 1.5000 1: nothing
  UPDATE 2 done 1.5000 1 to 2 open 1.5000 1: UPDATE 2 done 1.5000 1 to 2 open 1.5000 1
status = 'open'
  INSERT to 3 null null null: nothing
status <> 'open'
  INSERT to 3 null null null: INSERT to 3 null null null
NOT (amount > 1)
  INSERT to 3 null null null: INSERT to 3 null null null
n NOT BETWEEN 1 AND 2
  INSERT to 3 null null null: INSERT to 3 null null null
id = 1
  INSERT to 1 open 1.5000 1: INSERT to 1 open 1.5000 1
n = 1
  INSERT to 1 open 1.5000 1: nothing
n <> 1
  INSERT to 1 open 1.5000 1: INSERT to 1 open 1.5000 1
CAST(n AS INT) = 1
  INSERT to 1 open 1.5000 1: INSERT to 1 open 1.5000 1
n > 0
  INSERT to 1 open 1.5000 1: INSERT to 1 open 1.5000 1
amount = 1.5
  INSERT to 1 open 1.5000 1: nothing
amount <> 1.5
  INSERT to 1 open 1.5000 1: INSERT to 1 open 1.5000 1
CAST(amount AS DOUBLE) = 1.5
  INSERT to 1 open 1.5000 1: INSERT to 1 open 1.5000 1
SEEN
echo "as described"
