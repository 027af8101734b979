import java.io.IOException;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;

/**
 * Makes Debezium mark the values of a row that the log does not have, by {@code cdc.OldRow} and {@code cdc.PartialRow}:
 * {@code java -cp CLASS_PATH KeepUntold.java POSTGRES_JAR COMMON_JAR}.
 *
 * <p>Debezium 3.7 reads whether an old row is whole or has only the key, and does not keep it. It converts a value that an UPDATE did not change into
 * a text, list or number like any other.
 */
public final class KeepUntold {
    private static final ClassDesc DECODER =
            ClassDesc.of("io.debezium.connector.postgresql.connection.pgoutput.PgOutputMessageDecoder");
    private static final ClassDesc BUILDER = ClassDesc.of("io.debezium.relational.TableSchemaBuilder");
    private static final ClassDesc CONVERTER = ClassDesc.of("io.debezium.relational.ValueConverter");
    private static final ClassDesc TABLE = ClassDesc.of("io.debezium.relational.TableId");
    private static final ClassDesc STRUCT = ClassDesc.of("org.apache.kafka.connect.data.Struct");
    private static final ClassDesc BUFFER = ClassDesc.of("java.nio.ByteBuffer");
    private static final ClassDesc OLD = ClassDesc.of("cdc.OldRow");
    private static final ClassDesc PARTIAL = ClassDesc.of("cdc.PartialRow");

    public static void main(String[] args) throws IOException {
        new ClassInJar(Path.of(args[0]), DECODER).rewrite("resolveColumnsFromStreamTupleData", OfKey::new);
        ClassInJar builder = new ClassInJar(Path.of(args[1]), BUILDER);
        builder.rewrite("createValueGenerator", each -> makesStruct(each, "createValueGenerator"), InRow::new);
        builder.rewrite("createKeyGenerator", each -> makesStruct(each, "createKeyGenerator"), InKey::new);
    }

    /** Whether the method is the lambda in the method {@code of} that makes a struct of a row. */
    private static boolean makesStruct(MethodModel method, String of) {
        return method.methodName().stringValue().startsWith("lambda$" + of + "$")
                && method.methodTypeSymbol().returnType().equals(STRUCT);
    }

    /**
     * Changes {@code static List<Column> resolve...(ByteBuffer atRow, TypeRegistry types, Table table)}: for an old row that has only the key, the
     * columns say so.
     */
    private static final class OfKey implements CodeTransform {
        private int isKey;

        @Override
        public void atStart(CodeBuilder code) {
            isKey = code.allocateLocal(TypeKind.BOOLEAN);
            code.aload(0).invokestatic(OLD, "isKey", MethodTypeDesc.of(ConstantDescs.CD_boolean, BUFFER)).istore(isKey);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (element instanceof ReturnInstruction) {
                code.iload(isKey).invokestatic(OLD, "of",
                        MethodTypeDesc.of(ConstantDescs.CD_List, ConstantDescs.CD_List, ConstantDescs.CD_boolean));
            }
            code.with(element);
        }
    }

    /** Makes the struct a PartialRow, which learns of each value whether the log has it. */
    private static final class InRow implements CodeTransform {
        private int changed;

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (element instanceof NewObjectInstruction made && made.className().asSymbol().equals(STRUCT)) {
                code.new_(PARTIAL);
                changed++;
            } else if (element instanceof InvokeInstruction call && call.opcode() == Opcode.INVOKESPECIAL
                    && call.owner().asSymbol().equals(STRUCT)) {
                code.invokespecial(PARTIAL, call.name().stringValue(), call.typeSymbol());
                changed++;
            } else if (isConversion(element)) {
                code.invokestatic(PARTIAL, "convert",
                        MethodTypeDesc.of(ConstantDescs.CD_Object, CONVERTER, ConstantDescs.CD_Object));
                changed++;
            } else {
                code.with(element);
            }
        }

        @Override
        public void atEnd(CodeBuilder code) {
            expect(3, changed);
        }
    }

    /** Changes {@code Struct lambda(Schema schema, int fields, TableId table, ...)}: it refuses to invent a part of the key. */
    private static final class InKey implements CodeTransform {
        private static final int TABLE_AT = 3;
        private int changed;

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (isConversion(element)) {
                code.aload(TABLE_AT).invokestatic(PARTIAL, "convertKey",
                        MethodTypeDesc.of(ConstantDescs.CD_Object, CONVERTER, ConstantDescs.CD_Object, TABLE));
                changed++;
            } else {
                code.with(element);
            }
        }

        @Override
        public void atEnd(CodeBuilder code) {
            expect(1, changed);
        }
    }

    private static boolean isConversion(CodeElement element) {
        return element instanceof InvokeInstruction call && call.owner().asSymbol().equals(CONVERTER)
                && call.name().equalsString("convert");
    }

    private static void expect(int places, int changed) {
        if (changed != places) {
            throw new IllegalStateException(changed + " places changed instead of " + places + ": is it another Debezium?");
        }
    }
}
