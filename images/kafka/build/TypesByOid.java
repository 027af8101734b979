import java.io.IOException;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;

/**
 * Makes Debezium ask {@code cdc.ColumnType} for a column's type, where it would look the type up by its name:
 * {@code java -cp CLASS_PATH TypesByOid.java JAR}.
 */
public final class TypesByOid {
    private static final String DEBEZIUM = "io.debezium.connector.postgresql.";
    private static final ClassDesc TYPE = ClassDesc.of(DEBEZIUM + "PostgresType");
    private static final ClassDesc TYPES = ClassDesc.of(DEBEZIUM + "TypeRegistry");
    private static final ClassDesc CONNECTION = ClassDesc.of(DEBEZIUM + "connection.PostgresConnection");
    private static final ClassDesc DECODER = ClassDesc.of(DEBEZIUM + "connection.pgoutput.PgOutputMessageDecoder");
    private static final ClassDesc COLUMN = ClassDesc.of("io.debezium.relational.Column");
    private static final ClassDesc RESULT = ClassDesc.of("java.sql.ResultSet");
    private static final ClassDesc COLUMN_TYPE = ClassDesc.of("cdc.ColumnType");

    public static void main(String[] args) throws IOException {
        Path jar = Path.of(args[0]);
        new ClassInJar(jar, DECODER).rewrite("resolveColumnsFromStreamTupleData", OfChange::new);
        new ClassInJar(jar, CONNECTION).rewrite("doReadTableColumn", OfDescription::new);
    }

    /** Replaces the only {@code types.get(schema, name)} of a method. */
    private abstract static class ByName implements CodeTransform {
        private int replaced;

        abstract void ask(CodeBuilder code);

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (element instanceof InvokeInstruction call && call.owner().asSymbol().equals(TYPES)
                    && call.name().equalsString("get") && call.typeSymbol().parameterCount() == 2) {
                ask(code);
                replaced++;
            } else {
                code.with(element);
            }
        }

        @Override
        public void atEnd(CodeBuilder code) {
            if (replaced != 1) {
                throw new IllegalStateException(replaced + " types asked for by name, not one: is it another Debezium?");
            }
        }
    }

    /** {@code static List<Column> resolve...(ByteBuffer atRow, TypeRegistry types, Table table)}, column by column. */
    private static final class OfChange extends ByName {
        private boolean isColumn;
        private int column = -1;

        @Override
        void ask(CodeBuilder code) {
            code.aload(column).invokestatic(COLUMN_TYPE, "of",
                    MethodTypeDesc.of(TYPE, TYPES, ConstantDescs.CD_String, ConstantDescs.CD_String, COLUMN));
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (element instanceof StoreInstruction kept && isColumn) {
                column = kept.slot();
            }
            isColumn = element instanceof TypeCheckInstruction cast && cast.type().asSymbol().equals(COLUMN);
            super.accept(code, element);
        }
    }

    /** {@code Optional<ColumnEditor> doReadTableColumn(ResultSet described, TableId table, ColumnNameFilter filter)}. */
    private static final class OfDescription extends ByName {
        @Override
        void ask(CodeBuilder code) {
            code.aload(1).aload(0).invokestatic(COLUMN_TYPE, "of", MethodTypeDesc.of(
                    TYPE, TYPES, ConstantDescs.CD_String, ConstantDescs.CD_String, RESULT, CONNECTION));
        }
    }
}
