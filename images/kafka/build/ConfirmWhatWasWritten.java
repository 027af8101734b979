import java.io.IOException;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;

/**
 * Makes Debezium's task confirm to Postgres what Connect says is written, when it writes in transactions. Debezium would confirm what it reads back
 * from the topic of offsets ({@code cdc.Confirmations} says why not): {@code java -cp CLASS_PATH ConfirmWhatWasWritten.java JAR}.
 */
public final class ConfirmWhatWasWritten {
    private static final ClassDesc TASK = ClassDesc.of("io.debezium.connector.postgresql.PostgresConnectorTask");
    private static final ClassDesc COORDINATOR = ClassDesc.of("io.debezium.pipeline.ChangeEventSourceCoordinator");
    private static final ClassDesc CONTEXT = ClassDesc.of("org.apache.kafka.connect.source.SourceTaskContext");
    private static final ClassDesc RECORD = ClassDesc.of("org.apache.kafka.connect.source.SourceRecord");
    private static final ClassDesc METADATA = ClassDesc.of("org.apache.kafka.clients.producer.RecordMetadata");
    private static final ClassDesc CONFIRMATIONS = ClassDesc.of("cdc.Confirmations");

    public static void main(String[] args) throws IOException {
        ClassInJar task = new ClassInJar(Path.of(args[0]), TASK);
        // void commitRecord(SourceRecord record, RecordMetadata metadata), which is empty in Debezium
        task.rewrite("commitRecord", method -> method.methodName().equalsString("commitRecord")
                        && method.methodTypeSymbol().parameterCount() == 2,
                () -> new First(code -> code.aload(1).aload(2)
                        .invokestatic(CONFIRMATIONS, "written", MethodTypeDesc.of(ConstantDescs.CD_void, RECORD, METADATA))));
        // void performCommit()
        task.rewrite("performCommit", () -> new First(code -> made(code).ifThen(CodeBuilder::return_)));
        // List<SourceRecord> doPoll(): confirms what a commit left because it came less than a second after the one before
        task.rewrite("doPoll", () -> new First(code -> made(code).pop()));
    }

    private static CodeBuilder made(CodeBuilder code) {
        return code.aload(0).getfield(TASK, "coordinator", COORDINATOR).aload(0).getfield(TASK, "context", CONTEXT)
                .invokestatic(CONFIRMATIONS, "made", MethodTypeDesc.of(ConstantDescs.CD_boolean, COORDINATOR, CONTEXT));
    }
}
