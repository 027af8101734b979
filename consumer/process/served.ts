/** What the process answers over HTTP, and where each answer comes from. */
import { DeadLetterRoutes } from "../feed/http/dead-letter-routes";
import { createHttpServer } from "../feed/http/http-server";
import { readPageFiles } from "../feed/http/page-files";
import { fetchConnectorStatus, probeKafka, probePostgres } from "../feed/status/probes";
import { createStatus } from "../feed/status/status";
import { TableRows } from "../feed/http/table-rows";
import { LetterBox } from "../kafka/letters/letter-box";
import { openSlices } from "../kafka/record-slices";
import type { HealthJson, StatusJson } from "../api";
import { errorText } from "../log";
import type { Observed } from "./observed";
import { monotonicMs, type Shared } from "./shared";
import type { Watched } from "./watched";

/** @param die is called with the reason when the server cannot listen */
export function serve(shared: Shared, observed: Observed, watched: Watched, die: (message: string) => void): void {
  const { config, epoch, log, kafka } = shared;
  const { recent, feed, metrics } = observed;
  const server = createHttpServer({
    epoch,
    allowedHosts: config.allowedHosts,
    recent,
    feed,
    page: readPageFiles(config.pageDirectory),
    metrics,
    health: () => healthOf(shared, observed, watched),
    status: statusOf(shared, observed, watched),
    rows: new TableRows({
      topics: config.topics,
      open: (topic) => openSlices(kafka, `${config.groupId}-rows-${epoch}`, topic),
    }),
    deadLetters: new DeadLetterRoutes(
      new LetterBox({ ...config, kafka, readerGroupId: `${config.groupId}-letters-${epoch}` }),
      config.groupId,
    ),
    failed: (path, error) => log.error(`${path}: ${errorText(error)}`),
  });
  server.on("error", (error) => die(`cannot serve HTTP on port ${config.httpPort} (HTTP_PORT): ${error.message}`));
  server.listen(config.httpPort, "0.0.0.0");
}

function healthOf({ epoch }: Shared, { membership }: Observed, { captureWatch, slotWatch }: Watched): HealthJson {
  const warnings = captureWatch.warnings();
  const losses = slotWatch.losses();
  return {
    ...membership.health(epoch),
    ...(warnings.length > 0 && { warnings }),
    ...(losses.length > 0 && { losses }),
  };
}

function statusOf(
  { config }: Shared,
  { membership, failing }: Observed,
  { captureWatch, slotWatch }: Watched,
): () => Promise<StatusJson> {
  return createStatus({
    ...config,
    postgres: probePostgres,
    broker: (address) => probeKafka(address, config.kafkaSecurity.tls),
    captureWarnings: () => captureWatch.warnings(),
    losses: () => slotWatch.losses(),
    connectorStatus: () => fetchConnectorStatus(config.connectUrl!, config.connectorName!, config.connectSecurity),
    consumer: () => membership.status(),
    failing: () => failing.now(),
    group: config.member,
    now: monotonicMs,
  });
}
