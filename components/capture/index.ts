export { PostgresCapture, type PostgresCaptureArgs } from "./capture";
export { changedTablesSql } from "./changed";
export { replicationName } from "./names";
export type { CaptureConnection, ReplicaIdentity } from "./types";
