import java.io.IOException;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Path;

/**
 * Makes Debezium count nothing for JMX, which nobody can reach in this image: {@code java -cp CLASS_PATH NoCounters.java JAR}.
 *
 * <p>Debezium 3.7 prints each event as a text, in case somebody asks for the last one, and hands the age of each to a thread of
 * its own, which wakes up for it. No setting of it turns that off. The consumer measures the same age, where a change arrives.
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
            // What it did is left out.
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
