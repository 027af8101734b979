import java.io.IOException;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Path;

/**
 * Makes Debezium measure no events for JMX, which nobody can reach in this image: {@code java -cp CLASS_PATH NoCounters.java JAR}.
 *
 * <p>Debezium 3.7 formats each event as a text, in case somebody asks for the last one. It also hands the age of each event to another thread, which
 * wakes up for it. It has no setting to turn that off. The consumer measures the same age where a change arrives.
 */
public final class NoCounters {
    private static final String METERS = "io.debezium.pipeline.meters.";
    private static final CodeTransform NOTHING = new CodeTransform() {
        @Override
        public void atStart(CodeBuilder code) {
            code.return_();
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            // Leaves out the method's own code.
        }
    };

    public static void main(String[] args) throws IOException {
        Path jar = Path.of(args[0]);
        // void onEvent(DataCollectionId source, OffsetContext offset, Object key, Struct value, Operation operation)
        new ClassInJar(jar, ClassDesc.of(METERS + "CommonEventMeter")).rewrite("onEvent", () -> NOTHING);
        // void onEvent(DataCollectionId source, OffsetContext offset, Object key, Struct value)
        new ClassInJar(jar, ClassDesc.of(METERS + "StreamingMeter")).rewrite("onEvent", () -> NOTHING);
    }
}
