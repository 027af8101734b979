import java.io.IOException;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;

/**
 * Makes Debezium ask {@code cdc.RecordKey} for the columns of a table's key: {@code java -cp CLASS_PATH AskForKey.java COMMON_JAR}.
 *
 * <p>Debezium 3.7 takes the indexes that the driver lists as unique. The list says nothing about NULLs, about indexes that are not valid, or about
 * checks that are deferred to the end of the transaction. What it says about WHERE, Debezium ignores.
 */
public final class AskForKey {
    private static final ClassDesc CONNECTION = ClassDesc.of("io.debezium.jdbc.JdbcConnection");
    private static final ClassDesc KEY = ClassDesc.of("cdc.RecordKey");
    private static final MethodTypeDesc COLUMNS = MethodTypeDesc.of(ClassDesc.of("java.util.List"),
            ClassDesc.of("java.sql.DatabaseMetaData"), ClassDesc.of("io.debezium.relational.TableId"));

    public static void main(String[] args) throws IOException {
        ClassInJar connection = new ClassInJar(Path.of(args[0]), CONNECTION);
        // Both are List<String> method(DatabaseMetaData database, TableId table)
        connection.rewrite("readPrimaryKeyNames", () -> new AskFirst(code ->
                code.aload(1).aload(2).invokestatic(KEY, "primary", COLUMNS)));
        connection.rewrite("readTableUniqueIndices", () -> new AskFirst(code ->
                code.aload(1).aload(2).invokestatic(KEY, "unique", COLUMNS)));
    }
}
