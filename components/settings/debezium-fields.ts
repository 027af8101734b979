/**
 * The fields of Debezium's connector for Postgres, as the image's Debezium lists them (`PUT /connector-plugins/…/config/validate`). With
 * them, a wrong value can be refused before Kafka Connect runs. `test/integration/pipeline/door.ts` compares the two lists.
 */

/** Fields with a value out of a list, whatever its case. */
export const ENUM_FIELDS: Readonly<Record<string, readonly string[]>> = {
  "binary.handling.mode": ["base64", "base64-url-safe", "bytes", "hex"],
  "database.sslmode": ["allow", "disable", "prefer", "require", "verify-ca", "verify-full"],
  "decimal.handling.mode": ["double", "precise", "string"],
  "event.converting.failure.handling.mode": ["fail", "skip", "warn"],
  "event.processing.failure.handling.mode": ["fail", "ignore", "skip", "warn"],
  "field.name.adjustment.mode": ["avro", "avro_unicode", "none"],
  "guardrail.collections.limit.action": ["fail", "warn"],
  "hstore.handling.mode": ["json", "map"],
  "incremental.snapshot.watermarking.strategy": ["insert_delete", "insert_insert"],
  "interval.handling.mode": ["numeric", "string"],
  "lsn.flush.mode": ["connector", "connector_and_driver", "manual"],
  "lsn.flush.timeout.action": ["fail", "ignore", "warn"],
  "plugin.name": ["decoderbufs", "pgoutput"],
  "publication.autocreate.mode": ["all_tables", "disabled", "filtered", "no_tables"],
  "schema.name.adjustment.mode": ["avro", "avro_unicode", "none"],
  "schema.refresh.mode": ["columns_diff", "columns_diff_exclude_unchanged_toast"],
  "snapshot.isolation.mode": ["read_committed", "read_uncommitted", "repeatable_read", "serializable"],
  "snapshot.locking.mode": ["custom", "none", "shared"],
  "snapshot.mode": ["always", "configuration_based", "custom", "initial", "initial_only", "no_data", "when_needed"],
  "snapshot.query.mode": ["custom", "select_all"],
  "snapshot.tables.order.by.row.count": ["ascending", "descending", "disabled"],
  "time.precision.mode": [
    "adaptive",
    "adaptive_time_microseconds",
    "connect",
    "isostring",
    "microseconds",
    "nanoseconds",
    "structured",
  ],
};

/** Fields that are true or false. */
export const TRUTH_FIELDS: readonly string[] = [
  ...["database.tcpKeepAlive", "errors.log.enable", "errors.log.include.messages", "extended.headers.enabled"],
  ...["flush.lsn.source", "include.schema.comments", "include.unknown.datatypes"],
  ...["incremental.snapshot.allow.schema.changes", "internal.advanced.metrics.enable"],
  ...["internal.legacy.snapshot.max.threads", "internal.log.position.check.enable"],
  ...["internal.snapshot.scan.all.columns.force", "legacy.snapshot.max.threads"],
  ...["notification.http.allow.private.networks", "openlineage.integration.enabled", "provide.transaction.metadata"],
  ...["publish.via.partition.root", "skip.messages.without.change", "slot.drop.on.stop", "slot.failover"],
  ...["snapshot.mode.configuration.based.snapshot.data", "snapshot.mode.configuration.based.snapshot.on.data.error"],
  ...["snapshot.mode.configuration.based.snapshot.on.schema.error"],
  ...["snapshot.mode.configuration.based.snapshot.schema", "snapshot.mode.configuration.based.start.stream"],
  ...["statistics.metrics.enabled", "table.ignore.builtin", "tasks.max.enforce", "tombstones.on.delete"],
];

/** Fields that are whole numbers. */
export const WHOLE_FIELDS: readonly string[] = [
  ...["column.truncate.to.(d+).chars", "connection.validation.timeout.ms", "database.port"],
  ...["database.query.timeout.ms", "errors.max.retries", "errors.retry.delay.max.ms", "errors.retry.timeout"],
  ...["executor.shutdown.timeout.ms", "guardrail.collections.max", "heartbeat.interval.ms"],
  ...["incremental.snapshot.chunk.size", "internal.offset.activity.monitor.interval.ms"],
  ...["internal.signal.processor.semaphore.wait.ms", "internal.signal.synchronous.batch.size", "lsn.flush.timeout.ms"],
  ...["max.batch.size", "max.queue.size", "max.queue.size.in.bytes", "notification.http.retries"],
  ...["notification.http.timeout.ms", "poll.interval.ms", "query.fetch.size", "retriable.restart.connector.wait.ms"],
  ...["signal.emit.failure.backoff.ms", "signal.emit.failure.max.retries", "signal.poll.interval.ms"],
  ...["slot.max.retries", "slot.retry.delay.ms", "snapshot.delay.ms", "snapshot.fetch.size"],
  ...["snapshot.lock.timeout.ms", "snapshot.max.threads", "snapshot.max.threads.multiplier"],
  ...["status.update.interval.ms", "streaming.delay.ms", "tasks.max", "transaction.boundary.interval.ms"],
  ...["xmin.fetch.interval.ms"],
];

/** All other fields. */
export const OTHER_FIELDS: readonly string[] = [
  ...["column.exclude.list", "column.include.list", "column.mask.hash.([^.]+).with.salt.(.+)"],
  ...["column.mask.with.(d+).chars", "column.propagate.source.type", "config.action.reload", "connector.class"],
  ...["converters", "custom.metric.tags", "custom.sanitize.pattern", "database.dbname", "database.exclude.list"],
  ...["database.hostname", "database.include.list", "database.initial.statements", "database.password"],
  ...["database.sslcert", "database.sslfactory", "database.sslkey", "database.sslpassword", "database.sslrootcert"],
  ...["database.user", "datatype.propagate.source.type", "errors.tolerance", "exactly.once.support"],
  ...["header.converter", "heartbeat.action.query", "heartbeat.topics.prefix", "key.converter"],
  ...["memory.management.schemas.class", "memory.management.tables.class", "message.key.columns"],
  ...["message.prefix.exclude.list", "message.prefix.include.list", "name", "notification.enabled.channels"],
  ...["notification.http.url", "notification.sink.topic.name", "offsets.storage.topic"],
  ...["openlineage.integration.config.file.path", "openlineage.integration.dataset.kafka.bootstrap.servers"],
  ...["openlineage.integration.job.description", "openlineage.integration.job.namespace"],
  ...["openlineage.integration.job.owners", "openlineage.integration.job.tags", "post.processors", "predicates"],
  ...["publication.name", "replica.identity.autoset.values", "schema.exclude.list", "schema.include.list"],
  ...["signal.data.collection", "signal.enabled.channels", "skipped.operations", "slot.name", "slot.stream.params"],
  ...["snapshot.include.collection.list", "snapshot.locking.mode.custom.name", "snapshot.mode.custom.name"],
  ...["snapshot.query.mode.custom.name", "snapshot.select.statement.overrides", "sourceinfo.struct.maker"],
  ...["table.exclude.list", "table.include.list", "topic.creation.groups", "topic.naming.strategy", "topic.prefix"],
  ...["transaction.boundary", "transaction.metadata.factory", "transforms", "unavailable.value.placeholder"],
  ...["value.converter"],
];

/** Fields that Kafka Connect adds from Kafka 4.1 on, for any connector: which of several versions of a plugin is meant (KIP-891). */
export const PLUGIN_VERSION_FIELDS: readonly string[] = [
  "connector",
  "header.converter",
  "key.converter",
  "value.converter",
].map((plugin) => `${plugin}.plugin.version`);
