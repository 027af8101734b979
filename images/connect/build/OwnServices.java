import java.io.IOException;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;

/**
 * Makes a plugin of Debezium find only its own services: {@code java -cp CLASS_PATH OwnServices.java JAR}.
 *
 * <p>Debezium looks for parts of itself by Java's service loader. The stack's own Debezium is on the worker's class path, and a plugin's class loader
 * lists what is there, too (Kafka 3.9.2 and 4.4.0). Another connector of Debezium would get the Postgres connector's snapshot locks. Their type is of
 * another version, and the connector's task would end with "not a subtype".
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
