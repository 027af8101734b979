export { DebeziumConnector, type DebeziumConnectorArgs } from "./connector";
export { postgresSource, type PostgresSourceArgs } from "./postgres-source";
export { secretFiles, secretRef, secretsVersion, SECRETS_FOLDER, secretsWorkerProperties } from "./secrets";
export type { ConfigValue, DesiredState, SourceDatabase, TaskState } from "./types";
