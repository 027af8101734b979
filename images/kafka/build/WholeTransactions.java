import java.io.IOException;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;

/**
 * Changes where Debezium goes on after a restart. It begins with the first transaction that it did not read to its end, from that one's beginning,
 * and leaves out the events of it that were safe in Kafka ({@code cdc.Repeats}). It reports what it reads to {@code cdc.EventOrder}:
 * {@code java -cp CLASS_PATH WholeTransactions.java JAR}.
 *
 * <p>Debezium 3.7 goes on after the last event whose record was safe in Kafka, and finds that event by its position in the log. But several events
 * may share a position. When only the first row of a COPY was safe, Debezium leaves out all others. When only the delete of a changed key was safe,
 * it leaves out the row with the new key.
 */
public final class WholeTransactions {
    private static final String DEBEZIUM = "io.debezium.connector.postgresql.";
    private static final ClassDesc SOURCE = ClassDesc.of(DEBEZIUM + "SourceInfo");
    private static final ClassDesc LOCATOR = ClassDesc.of(DEBEZIUM + "connection.WalPositionLocator");
    private static final ClassDesc CONNECTION = ClassDesc.of(DEBEZIUM + "connection.PostgresReplicationConnection");
    private static final ClassDesc DECODER = ClassDesc.of(DEBEZIUM + "connection.pgoutput.PgOutputMessageDecoder");
    private static final ClassDesc LSN = ClassDesc.of(DEBEZIUM + "connection.Lsn");
    private static final ClassDesc OPERATION = ClassDesc.of(DEBEZIUM + "connection.ReplicationMessage$Operation");
    private static final ClassDesc BUFFER = ClassDesc.of("java.nio.ByteBuffer");
    private static final ClassDesc TASK = ClassDesc.of(DEBEZIUM + "PostgresConnectorTask");
    private static final ClassDesc CONTEXT = ClassDesc.of("org.apache.kafka.connect.source.SourceTaskContext");
    private static final ClassDesc COORDINATOR = ClassDesc.of("io.debezium.pipeline.ChangeEventSourceCoordinator");
    private static final ClassDesc LIST = ClassDesc.of("java.util.List");
    private static final ClassDesc REPEATS = ClassDesc.of("cdc.Repeats");
    private static final ClassDesc RESUME = ClassDesc.of("cdc.Resume");
    private static final ClassDesc ORDER = ClassDesc.of("cdc.EventOrder");

    public static void main(String[] args) throws IOException {
        Path jar = Path.of(args[0]);
        // boolean searchingEnabled()
        new ClassInJar(jar, LOCATOR).rewrite("searchingEnabled", () -> new First(code -> code.iconst_0().ireturn()));
        // ReplicationStream startStreaming(Lsn from, WalPositionLocator of)
        new ClassInJar(jar, CONNECTION).rewrite("startStreaming",
                method -> method.methodName().equalsString("startStreaming") && method.methodTypeSymbol().parameterCount() == 2
                        && method.methodTypeSymbol().parameterType(0).equals(LSN),
                () -> new First(code -> code.aload(1).aload(2)
                        .invokestatic(RESUME, "from", MethodTypeDesc.of(LSN, LSN, LOCATOR)).astore(1)));
        // void handleBeginMessage(ByteBuffer message, ReplicationMessageProcessor processor)
        new ClassInJar(jar, DECODER).rewrite("handleBeginMessage", () -> new First(code -> code.aload(1)
                .invokestatic(ORDER, "begin", MethodTypeDesc.of(ConstantDescs.CD_void, BUFFER))));
        // SourceInfo update(Lsn lsn, Instant committed, Long transaction, Long xmin, TableId table, Operation of)
        new ClassInJar(jar, SOURCE).rewrite("update", method -> method.methodName().equalsString("update")
                        && method.methodTypeSymbol().parameterCount() == 6,
                () -> new First(code -> code.aload(1).aload(3).aload(6)
                        .invokestatic(ORDER, "next",
                                MethodTypeDesc.of(ConstantDescs.CD_void, LSN, ConstantDescs.CD_Long, OPERATION))));
        // List<SourceRecord> doPoll()
        new ClassInJar(jar, TASK).rewrite("doPoll", () -> (code, element) -> {
            if (element instanceof ReturnInstruction) {
                code.aload(0).getfield(TASK, "context", CONTEXT).aload(0).getfield(TASK, "coordinator", COORDINATOR)
                        .invokestatic(REPEATS, "without", MethodTypeDesc.of(LIST, LIST, CONTEXT, ConstantDescs.CD_Object));
            }
            code.with(element);
        });
    }
}
