import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.apache.kafka.connect.runtime.isolation.PluginClassLoader;

/**
 * {@code java -cp CLASS_PATH OwnServicesCheck.java}: checks that a plugin finds only its own services of Debezium, and of other services also the
 * worker's.
 */
public final class OwnServicesCheck {
    private static final String DEBEZIUM = "META-INF/services/io.debezium.spi.snapshot.Snapshotter";
    private static final String OTHERS = "META-INF/services/org.example.Service";

    public static void main(String[] args) throws IOException {
        URL worker = folder();
        URL own = folder();
        try (URLClassLoader parent = new URLClassLoader(new URL[] {worker}, null);
                PluginClassLoader plugin = new PluginClassLoader(own, new URL[] {own}, parent)) {
            expect(DEBEZIUM, 1, plugin);
            expect(OTHERS, 2, plugin);
        }
    }

    private static URL folder() throws IOException {
        Path folder = Files.createTempDirectory("services");
        for (String name : new String[] {DEBEZIUM, OTHERS}) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), "org.example.Provider\n");
        }
        return folder.toUri().toURL();
    }

    private static void expect(String name, int count, ClassLoader loader) throws IOException {
        int found = Collections.list(loader.getResources(name)).size();
        if (found != count) {
            throw new IllegalStateException(name + " is found " + found + " times, not " + count);
        }
    }
}
