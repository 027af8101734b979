export { PostgresCapture, type PostgresCaptureArgs } from "./capture";
export { changedTablesSql, lookSql } from "./tables/changed";
export { replicationName } from "./object-names";
export type { CaptureConnection, ReplicaIdentity } from "./capture-types";
