import type * as pulumi from "@pulumi/pulumi";
import { type PostgresCaptureArgs, replicationName } from "../capture";
import { isCompacted } from "../settings/cleanup-policy";
import { secretTls } from "../connector/secrets/tls";
import type { ConnectFacts } from "../existing/connect/connect-look";
import { TAKE_OVER_VARIABLE } from "../preflight/take-over-way";
import type { PipelineArgs } from "../pipeline/pipeline-args";

/**
 * Arguments of a pipeline's capture, without the address of a database container of its own.
 *
 * @param connect the Connect cluster that somebody else runs
 */
export function captureArgs(
  args: Omit<PipelineArgs, "found">,
  rolePassword: pulumi.Input<string>,
  connect: Pick<ConnectFacts, "extensions"> | undefined,
) {
  const { existingDatabase: existing, captureName, prefix } = args;
  return {
    ...(existing && { host: existing.host, ...(existing.tls && { tls: secretTls(existing.tls) }) }),
    ...(existing?.passwordCommand !== undefined && { adminPasswordCommand: existing.passwordCommand }),
    ...(args.capturePassword !== undefined && { existingRole: true }),
    port: existing?.port ?? args.postgresPort,
    database: args.database,
    adminUser: args.user,
    adminPassword: args.password,
    role: captureName,
    rolePassword,
    tables: args.tables,
    publication: captureName,
    slotName: replicationName(prefix, args.connectorName),
    replicaIdentity: args.replicaIdentity,
    // With `message.key.columns`, the user's columns may be the key of every table.
    wantsKeys: isCompacted(args.cleanupPolicy) && args.connectorConfig["message.key.columns"] === undefined,
    ...(connect?.extensions === false && {
      stock: { leftOut: String(args.connectorConfig["column.exclude.list"] ?? "") },
    }),
    signalTable: `${captureName}.signals`,
    // What has the name of a stack on this machine is looked at before anything is made.
    takeOver: existing === undefined || process.env[TAKE_OVER_VARIABLE] === prefix,
    // The name that the capture had in version 0.1.0, whose databases hold it.
    owner: `${prefix}/capture`,
  } satisfies PostgresCaptureArgs;
}
