package cdc;

import java.lang.reflect.Proxy;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** A task's context for checks. Its methods differ between versions of Kafka, and these checks need only its offsets. */
final class CheckedTask {
    private CheckedTask() {
    }

    /** @param reader null when the check reads no offsets */
    static SourceTaskContext with(OffsetStorageReader reader) {
        return (SourceTaskContext) Proxy.newProxyInstance(
                CheckedTask.class.getClassLoader(), new Class<?>[] {SourceTaskContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "offsetStorageReader" -> reader;
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
