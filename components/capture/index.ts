export { PostgresCapture, type PostgresCaptureArgs } from "./capture";
export { replicationName } from "./names";
export type { CaptureConnection, ReplicaIdentity } from "./types";
