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
 * Makes Debezium's task hand its commits to another thread ({@code cdc.CommitElsewhere} says why):
 * {@code java -cp CLASS_PATH CommitOffTask.java COMMON_JAR}. The task's own thread still makes the last one, when the task stops.
 */
public final class CommitOffTask {
    private static final ClassDesc TASK = ClassDesc.of("io.debezium.connector.common.BaseSourceTask");
    private static final ClassDesc COMMIT = ClassDesc.of("cdc.CommitElsewhere");

    public static void main(String[] args) throws IOException {
        // List<SourceRecord> poll()
        new ClassInJar(Path.of(args[0]), TASK).rewrite("poll", HandedOver::new);
    }

    private static final class HandedOver implements CodeTransform {
        private int found;

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (element instanceof InvokeInstruction call && call.name().equalsString("performCommit")) {
                found++;
                code.invokestatic(COMMIT, "commit", MethodTypeDesc.of(ConstantDescs.CD_void, TASK));
            } else {
                code.with(element);
            }
        }

        @Override
        public void atEnd(CodeBuilder code) {
            if (found != 1) {
                throw new IllegalStateException("poll commits " + found + " times, not once: is it another Debezium?");
            }
        }
    }
}
