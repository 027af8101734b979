import java.io.IOException;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;

/**
 * Makes Debezium begin with a snapshot only on a slot that it has made ({@code cdc.FreshSlot} says why):
 * {@code java -cp CLASS_PATH BeginOnFreshSlot.java JAR}.
 */
public final class BeginOnFreshSlot {
    private static final String DEBEZIUM = "io.debezium.connector.postgresql.";
    private static final ClassDesc TASK = ClassDesc.of(DEBEZIUM + "PostgresConnectorTask");
    private static final ClassDesc CONFIG = ClassDesc.of(DEBEZIUM + "PostgresConnectorConfig");
    private static final ClassDesc SLOT = ClassDesc.of(DEBEZIUM + "spi.SlotState");
    private static final ClassDesc CONTEXT = ClassDesc.of("org.apache.kafka.connect.source.SourceTaskContext");
    private static final ClassDesc FRESH = ClassDesc.of("cdc.FreshSlot");

    public static void main(String[] args) throws IOException {
        ClassInJar task = new ClassInJar(Path.of(args[0]), TASK);
        // SlotState getSlotState(PostgresConnectorConfig config)
        task.rewrite("getSlotState", () -> (code, element) -> {
            if (element instanceof ReturnInstruction) {
                code.aload(0).getfield(TASK, "context", CONTEXT).aload(1)
                        .invokestatic(FRESH, "insteadOf", MethodTypeDesc.of(SLOT, SLOT, CONTEXT, CONFIG));
            }
            code.with(element);
        });
        // SlotCreationResult tryToCreateSlot(Snapshotter how, PostgresConnectorConfig config, SlotState slot)
        task.rewrite("tryToCreateSlot", () -> (code, element) -> {
            if (element instanceof ReturnInstruction) {
                code.aload(2).invokestatic(FRESH, "made", MethodTypeDesc.of(ConstantDescs.CD_void, CONFIG));
            }
            code.with(element);
        });
    }
}
