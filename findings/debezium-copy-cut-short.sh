#!/usr/bin/env bash
# Package:  io.debezium:debezium-connector-postgres 3.7.0.Final (Maven): WalPositionLocator, which finds where a restarted task goes on.
# Input:    a COPY of 200 rows, which is one WAL record: BEGIN, the rows and their only position. The worker dies when the
#           record of the first row alone is safe in Kafka, so the offset says: this position, one event processed.
# Guess:    the task goes on with the second row, since the offset counts the events of a position for that very case.
# Found:    the count is looked at when it is above one. With one the task goes on behind the position: the other 199 rows are never
#           read, without a word. With more, the BEGIN is counted too, as it has the position of its first row: the last row comes twice.
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
    <dependency><groupId>io.debezium</groupId><artifactId>debezium-connector-postgres</artifactId><version>3.7.0.Final</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-api</artifactId><version>3.9.2</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.ReplicationMessage;
import io.debezium.connector.postgresql.connection.ReplicationMessage.NoopMessage;
import io.debezium.connector.postgresql.connection.ReplicationMessage.Operation;
import io.debezium.connector.postgresql.connection.TransactionMessage;
import io.debezium.connector.postgresql.connection.WalPositionLocator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

public class Look {
    private static final int ROWS = 200;
    private static final Lsn BEFORE = Lsn.valueOf(900L);
    private static final Lsn OF_ROWS = Lsn.valueOf(1000L);
    private static final Lsn OF_COMMIT = Lsn.valueOf(2000L);

    private record Sent(Lsn lsn, ReplicationMessage message) {}

    public static void main(String[] args) {
        for (int safe : new int[] {1, 2, ROWS - 1}) {
            System.out.println("safe " + safe + ", read after the restart " + readAfter(safe));
        }
    }

    /** What Debezium does: it looks for the place, starts the stream anew, and leaves out what is before the place. */
    private static int readAfter(int safe) {
        List<Sent> stream = new ArrayList<>();
        stream.add(new Sent(OF_ROWS, new TransactionMessage(Operation.BEGIN, 7L, Instant.EPOCH)));
        for (int i = 0; i < ROWS; i++) {
            stream.add(new Sent(OF_ROWS, new NoopMessage(7L, Instant.EPOCH, Operation.INSERT)));
        }
        stream.add(new Sent(OF_COMMIT, new TransactionMessage(Operation.COMMIT, 7L, Instant.EPOCH)));

        WalPositionLocator place = new WalPositionLocator(BEFORE, OF_ROWS, Operation.INSERT, safe);
        for (Sent each : stream) {
            if (place.resumeFromLsn(each.lsn(), each.message()).isPresent()) {
                break;
            }
        }
        place.enableFiltering();
        int read = 0;
        for (Sent each : stream) {
            boolean skipped = place.skipMessage(each.lsn());
            if (each.message().getOperation() == Operation.INSERT && !skipped) {
                read++;
            }
        }
        return read;
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: another number of rows is read after the restart"; exit 1; }
safe 1, read after the restart 0
safe 2, read after the restart 199
safe 199, read after the restart 2
SEEN
echo "as described"
