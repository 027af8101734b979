import java.io.IOException;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;

/**
 * Makes Debezium tell {@code cdc.OtherName} to which table the next changes belong: {@code java -cp CLASS_PATH NoteOtherName.java POSTGRES_JAR}.
 *
 * <p>Debezium 3.7 silently leaves out changes of a table whose schema has been renamed.
 */
public final class NoteOtherName {
    private static final String DEBEZIUM = "io.debezium.connector.postgresql.connection.";
    private static final ClassDesc DECODER = ClassDesc.of(DEBEZIUM + "pgoutput.PgOutputMessageDecoder");
    private static final ClassDesc CONTEXT = ClassDesc.of(DEBEZIUM + "MessageDecoderContext");
    private static final ClassDesc MOMENT = ClassDesc.of("java.time.Instant");

    public static void main(String[] args) throws IOException {
        // void handleRelationMessage(ByteBuffer message, TypeRegistry types)
        new ClassInJar(Path.of(args[0]), DECODER).rewrite("handleRelationMessage", () -> new First(code ->
                code.aload(1).aload(0).getfield(DECODER, "commitTimestamp", MOMENT)
                        .aload(0).getfield(DECODER, "decoderContext", CONTEXT)
                        .invokestatic(ClassDesc.of("cdc.OtherName"), "of", MethodTypeDesc.of(
                                ConstantDescs.CD_void, ClassDesc.of("java.nio.ByteBuffer"), MOMENT, CONTEXT))));
    }
}
