import java.io.IOException;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;

/**
 * Makes Debezium's reading loop end with an error when it ends because a confirmation failed:
 * {@code java -cp CLASS_PATH FailedConfirmation.java JAR}.
 *
 * <p>Debezium 3.7 confirms to Postgres, in a thread of its own, how far changes are safe. When the connection is lost just then, that thread sets
 * {@code commitOffsetFailure}, which ends the loop without an error. The thread leaves the error to the task, if the task waits for it. This
 * project's task waits for a millisecond, so it stayed RUNNING and read nothing more. A task that waits for long enough gets an error that makes it
 * FAILED. With an SQLException in the loop, the task starts again, as it does after every other loss of the connection.
 */
public final class FailedConfirmation {
    private static final ClassDesc SOURCE =
            ClassDesc.of("io.debezium.connector.postgresql.PostgresStreamingChangeEventSource");
    private static final ClassDesc ERROR = ClassDesc.of("java.sql.SQLException");
    private static final MethodTypeDesc MESSAGE_AND_STATE =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String, ConstantDescs.CD_String);

    public static void main(String[] args) throws IOException {
        // void processMessages(context, partition, offsetContext, stream)
        new ClassInJar(Path.of(args[0]), SOURCE).rewrite("processMessages", () -> ERROR_AT_END);
    }

    /** State 08006 is a failed connection: https://www.postgresql.org/docs/17/errcodes-appendix.html */
    private static final CodeTransform ERROR_AT_END = (code, element) -> {
        if (element instanceof ReturnInstruction) {
            code.aload(0).getfield(SOURCE, "commitOffsetFailure", ConstantDescs.CD_boolean)
                    .ifThen(failed -> failed.new_(ERROR).dup()
                            .ldc("Could not confirm to Postgres how far changes are safe: the connection is lost").ldc("08006")
                            .invokespecial(ERROR, ConstantDescs.INIT_NAME, MESSAGE_AND_STATE).athrow());
        }
        code.with(element);
    };
}
