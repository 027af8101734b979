package cdc;

import java.lang.reflect.Proxy;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** A task's context for checks. What it has differs from one version of Kafka to the next, and only its offsets are asked for here. */
final class CheckedTask {
    private CheckedTask() {
    }

    /** @param reader null: nobody asks */
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
