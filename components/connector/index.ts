export { DebeziumConnector, type DebeziumConnectorArgs } from "./connector";
export { postgresSource, type PostgresSourceArgs } from "./config/postgres-source";
export { secretFiles, secretRef, secretsVersion, secretsWorkerProperties } from "./secrets/secrets";
export { SECRETS_FOLDER } from "./secrets/secrets-folder";
export type { ConfigValue, DesiredState, SourceDatabase, TaskState } from "./connector-types";
