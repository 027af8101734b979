package cdc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs Kafka Connect's worker. Before that, it makes Kafka abort the transactions that an earlier run of this worker left open.
 * {@code cdc.fenced.transactions} has their ids, separated by commas. {@code java cdc.StackWorker worker.properties}.
 *
 * <p>Connect 3.9 also fences the earlier producers of its tasks, but only after it has read its topic of offsets to the end. A reader of committed
 * records gets no further than an open transaction. So a worker that was killed in a transaction would come back when the broker gives the
 * transaction up: after a minute ({@code transaction.timeout.ms}), and up to ten seconds more.
 *
 * <p>This is for a worker that is alone in its group: ids of tasks that another worker runs must not be listed.
 *
 * <p>The process ends at once when Connect gives up, so that it is started again. When Connect's herder cannot read its topics, it ends the process
 * from its own thread. Connect's shutdown hook would wait for 60 s for requests that only the herder could answer, and then for 23 s for the herder,
 * which waits for the hook.
 */
public final class StackWorker {
    private static final Logger LOGGER = LoggerFactory.getLogger(StackWorker.class);

    private StackWorker() {
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Properties worker = new Properties();
        try (InputStream file = Files.newInputStream(Path.of(args[0]))) {
            worker.load(file);
        }
        String ids = worker.getProperty("cdc.fenced.transactions", "");
        if (!ids.isEmpty()) {
            fence(adminOf(worker), List.of(ids.split(",")));
        }
        Exit.setExitProcedure((status, message) -> Runtime.getRuntime().halt(status));
        ConnectDistributed.main(args);
    }

    /** Those of the worker's properties that a client for administration takes, with those that say how values in files are found. */
    private static Map<String, Object> adminOf(Properties worker) {
        Map<String, Object> admin = new HashMap<>();
        for (String name : worker.stringPropertyNames()) {
            if (AdminClientConfig.configNames().contains(name) || name.startsWith("config.providers")) {
                admin.put(name, worker.getProperty(name));
            }
        }
        admin.put(AdminClientConfig.CLIENT_ID_CONFIG, "connect-fencing");
        return admin;
    }

    /**
     * Waits for the broker, which may start after the worker: Connect would wait for it anyway. When Kafka refuses, the worker only starts as late as
     * without this.
     */
    private static void fence(Map<String, Object> config, List<String> ids) throws InterruptedException {
        try (Admin admin = Admin.create(config)) {
            while (true) {
                try {
                    admin.fenceProducers(ids).all().get();
                    LOGGER.info("What an earlier life of this worker wrote and did not commit is aborted: {}", ids);
                    return;
                } catch (ExecutionException failed) {
                    if (!(failed.getCause() instanceof RetriableException)) {
                        LOGGER.warn("Transactions {} could not be fenced; what an earlier life of this worker left open ends by its timeout",
                                ids, failed.getCause());
                        return;
                    }
                    LOGGER.info("Waiting for Kafka: {}", failed.getCause().toString());
                }
            }
        }
    }
}
