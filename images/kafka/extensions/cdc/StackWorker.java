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
 * Kafka Connect's worker, which first has Kafka abort what an earlier life of it left open: the transactions of the ids in
 * {@code cdc.fenced.transactions}, separated by commas. {@code java cdc.StackWorker worker.properties}.
 *
 * <p>Connect 3.9 fences its tasks' earlier producers, too, but only once it has read its topic of offsets to the end, and committed
 * offsets can be read no further than to an open transaction. So a worker that was killed in one comes back when the broker gives it up:
 * a minute later ({@code transaction.timeout.ms}), and up to ten seconds more.
 *
 * <p>For a worker that is alone in its group: the ids of tasks that another one runs must not be among them.
 *
 * <p>And it ends at once when Connect gives up, so that it is started again. Connect's herder, which cannot read its topics, ends the process from its
 * own thread; the hook of that end waits 60 s for requests that only the herder would answer, and then 23 s for the herder, which waits for the hook.
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

    /** What of the worker's properties is for its own client, and how those are found that stand in files. */
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

    /** The broker may come up after the worker, as it is waited for anyway. What it refuses costs no more than the minute. */
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
