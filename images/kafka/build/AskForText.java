import java.io.IOException;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;

/**
 * Makes Debezium ask {@code cdc.PostgresText} before it reads a value, and {@code cdc.PrintedTypes} for the types of a task: {@code java -cp CLASS_PATH AskForText.java JAR}.
 *
 * <p>Debezium 3.7 takes custom converters for values that it has read. There is no place for custom reading, and the reading already loses infinite
 * dates, 24:00, arrays of arrays and types that it does not know.
 */
public final class AskForText {
    private static final String DEBEZIUM = "io.debezium.connector.postgresql.";
    private static final ClassDesc TEXT = ClassDesc.of("cdc.PostgresText");
    private static final ClassDesc TYPE = ClassDesc.of(DEBEZIUM + "PostgresType");
    private static final ClassDesc TYPES = ClassDesc.of(DEBEZIUM + "TypeRegistry");
    private static final ClassDesc PRINTED = ClassDesc.of("cdc.PrintedTypes");
    private static final ClassDesc TASK = ClassDesc.of(DEBEZIUM + "PostgresConnectorTask");
    private static final ClassDesc CONFIG = ClassDesc.of("io.debezium.config.Configuration");
    private static final ClassDesc CONNECTION = ClassDesc.of(DEBEZIUM + "connection.PostgresConnection");
    private static final ClassDesc CHANGE = ClassDesc.of(DEBEZIUM + "connection.pgoutput.PgOutputReplicationMessage");
    private static final ClassDesc COLUMN = ClassDesc.of("io.debezium.relational.Column");
    private static final ClassDesc RESULT = ClassDesc.of("java.sql.ResultSet");

    public static void main(String[] args) throws IOException {
        Path jar = Path.of(args[0]);
        new ClassInJar(jar, TASK).rewrite("start", TypesOfTask::new);
        // static Object getValue(String name, PostgresType type, String fullType, String text, ..., boolean, TypeRegistry types)
        new ClassInJar(jar, CHANGE).rewrite("getValue", () -> new AskFirst(code -> code
                .aload(6).aload(1).aload(3)
                .invokestatic(TEXT, "of", MethodTypeDesc.of(ConstantDescs.CD_Object, TYPES, TYPE, ConstantDescs.CD_String))));
        // Object getColumnValue(ResultSet row, int at, Column column, Table table)
        new ClassInJar(jar, CONNECTION).rewrite("getColumnValue", () -> new AskFirst(code -> code
                .aload(0).invokevirtual(CONNECTION, "getTypeRegistry", MethodTypeDesc.of(TYPES))
                .aload(3).aload(1).iload(2)
                .invokestatic(TEXT, "of", MethodTypeDesc.of(
                        ConstantDescs.CD_Object, TYPES, COLUMN, RESULT, ConstantDescs.CD_int))));
    }

    /** Replaces the only {@code createTypeRegistry(database, schemas)} of {@code start(Configuration connector)}. */
    private static final class TypesOfTask implements CodeTransform {
        private int replaced;

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (element instanceof InvokeInstruction call && call.owner().asSymbol().equals(CONNECTION)
                    && call.name().equalsString("createTypeRegistry")) {
                code.aload(1).invokestatic(PRINTED, "of", call.typeSymbol().insertParameterTypes(2, CONFIG));
                replaced++;
            } else {
                code.with(element);
            }
        }

        @Override
        public void atEnd(CodeBuilder code) {
            if (replaced != 1) {
                throw new IllegalStateException(replaced + " times that a task reads the types, not one: is it another Debezium?");
            }
        }
    }
}
