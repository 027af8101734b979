/**
 * Settings of a connector's Kafka clients that its config may override (`producer.override.acks`): how they work, but not to which
 * broker and as whom they connect. With all keys, a connector could send the tables to another broker.
 */
const TUNING = {
  producer: [
    ...["acks", "batch.size", "buffer.memory", "delivery.timeout.ms", "enable.idempotence", "interceptor.classes"],
    ...["compression.type", "compression.gzip.level", "compression.lz4.level", "compression.zstd.level", "linger.ms"],
    ...["max.block.ms", "max.in.flight.requests.per.connection", "max.request.size", "partitioner.ignore.keys"],
    ...["reconnect.backoff.max.ms", "reconnect.backoff.ms", "request.timeout.ms", "retries", "retry.backoff.ms"],
    "transaction.timeout.ms",
  ],
  consumer: [
    ...["auto.offset.reset", "fetch.max.bytes", "fetch.max.wait.ms", "fetch.min.bytes", "heartbeat.interval.ms"],
    ...["isolation.level", "max.partition.fetch.bytes", "max.poll.interval.ms", "max.poll.records"],
    ...["request.timeout.ms", "session.timeout.ms"],
  ],
  admin: ["default.api.timeout.ms", "request.timeout.ms", "retries", "retry.backoff.ms"],
} as const;

/** Worker properties by which it refuses other keys, also in a config that is only validated. */
export function overridesWorkerProperties(): Record<string, string> {
  return {
    "connector.client.config.override.policy": "cdc.ListedOverrides",
    ...Object.fromEntries(Object.entries(TUNING).map(([client, keys]) => [`cdc.overrides.${client}`, keys.join(",")])),
  };
}

/** Pure: a sentence without its subject for a key that the worker would refuse; undefined for any other. */
export function refusedOverride(key: string): string | undefined {
  const [, client, own = ""] = /^(producer|consumer|admin)\.override\.(.*)$/.exec(key) ?? [];
  if (client === undefined) return undefined;
  const allowed: readonly string[] = TUNING[client as keyof typeof TUNING];
  if (allowed.includes(own)) return undefined;
  return (
    `["${key}"] is refused: a connector may tune its ${client}, and not choose the broker or the login, by which tables could ` +
    `be sent elsewhere. Allowed after ${client}.override: ${allowed.join(", ")}.`
  );
}
