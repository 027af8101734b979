import java.io.IOException;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;

/**
 * Makes Kafka's producer send no further batch to a partition until its first batch there is acknowledged:
 * {@code java -cp CLASS_PATH FirstBatchAlone.java JAR}.
 *
 * <p>A broker takes any sequence number from a producer that it does not know yet. Of two first batches under way, it may refuse the first, which
 * comes while the partition moves or its broker starts, and take the second, which comes a moment later (Kafka 3.9.2 and 4.4.0; KAFKA-14359, and
 * KAFKA-15591, which 4.5 fixes for empty partitions only). From then on it refuses the first one, until Connect's task is restarted and sends both
 * again. So earlier changes of a key stand behind later ones. Once the broker knows the producer, it keeps the order of any number of batches under
 * way.
 */
public final class FirstBatchAlone {
    private static final String INTERNALS = "org.apache.kafka.clients.producer.internals.";
    private static final ClassDesc ACCUMULATOR = ClassDesc.of(INTERNALS + "RecordAccumulator");
    private static final ClassDesc SEQUENCES = ClassDesc.of(INTERNALS + "TransactionManager");
    private static final ClassDesc BATCH = ClassDesc.of(INTERNALS + "ProducerBatch");
    private static final ClassDesc PARTITION = ClassDesc.of("org.apache.kafka.common.TopicPartition");
    private static final ClassDesc NUMBER = ClassDesc.of("java.util.OptionalInt");
    private static final MethodTypeDesc ASKED = MethodTypeDesc.of(ConstantDescs.CD_boolean);

    public static void main(String[] args) throws IOException {
        // boolean shouldStopDrainBatchesForPartition(ProducerBatch first, TopicPartition of)
        new ClassInJar(Path.of(args[0]), ACCUMULATOR).rewrite("shouldStopDrainBatchesForPartition", () -> new First(code ->
                // There is no transaction manager without idempotence.
                sequences(code).ifThen(Opcode.IFNONNULL, some ->
                // A batch that already has a sequence number is sent again, in its turn.
                some.aload(1).invokevirtual(BATCH, "hasSequence", ASKED).ifThen(Opcode.IFEQ, fresh ->
                sequences(fresh).aload(2)
                        .invokevirtual(SEQUENCES, "hasInflightBatches", MethodTypeDesc.of(ConstantDescs.CD_boolean, PARTITION))
                        .ifThen(behind -> sequences(behind).aload(2)
                                .invokevirtual(SEQUENCES, "lastAckedSequence", MethodTypeDesc.of(NUMBER, PARTITION))
                                .invokevirtual(NUMBER, "isPresent", ASKED)
                                .ifThen(Opcode.IFEQ, unknown -> unknown.iconst_1().ireturn()))))));
    }

    private static CodeBuilder sequences(CodeBuilder code) {
        return code.aload(0).getfield(ACCUMULATOR, "transactionManager", SEQUENCES);
    }
}
