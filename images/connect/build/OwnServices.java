import java.io.IOException;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;

/**
 * Has a plugin of Debezium find its own services alone: {@code java -cp CLASS_PATH OwnServices.java JAR}.
 *
 * <p>Debezium looks for parts of itself by Java's service loader. The stack's own Debezium stands on the worker's class path, and a
 * plugin's class loader names what is found there, too (Kafka 3.9.2 and 4.4.0). Another connector of Debezium would be given the
 * snapshot locks of Postgres', which are of another version's type, and its task would end with "not a subtype".
 */
public final class OwnServices {
    private static final ClassDesc LOADER = ClassDesc.of("org.apache.kafka.connect.runtime.isolation.PluginClassLoader");
    private static final ClassDesc URLS = ClassDesc.of("java.util.Enumeration");
    private static final MethodTypeDesc STARTS_WITH =
            MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_String);
    private static final MethodTypeDesc FIND = MethodTypeDesc.of(URLS, ConstantDescs.CD_String);

    public static void main(String[] args) throws IOException {
        // Enumeration<URL> getResources(String name)
        new ClassInJar(Path.of(args[0]), LOADER).rewrite("getResources", () -> new First(code -> code
                .aload(1).ldc("META-INF/services/io.debezium.").invokevirtual(ConstantDescs.CD_String, "startsWith", STARTS_WITH)
                .ifThen(own -> own.aload(0).aload(1).invokevirtual(LOADER, "findResources", FIND).areturn())));
    }
}
