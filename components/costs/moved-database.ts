import { hostAndPort } from "../database/address";
import { bare } from "../container/bare";
import type { AppliedStack } from "../preflight/applied";
import type { Settings } from "../settings/settings";
import type { CaptureOutputs } from "../capture/capture-types";

export type DatabaseSettings = Pick<Settings, "prefix" | "existingDatabase" | "database" | "user" | "password"> &
  Partial<Pick<Settings, "postgresPort" | "databaseAddress">>;

/** A database that the settings name in another one's place. */
export interface MovedDatabase {
  /** `host:port/database`. */
  from: string;
  to: string;
  /** What is in the former one. */
  capture: Pick<CaptureOutputs, "role" | "publication" | "slotName">;
  /** `cdc:databaseAddress`, where Kafka Connect reads, if it stays the same. */
  address?: string;
}

/** How long the database that is named now may take to answer, in milliseconds. Its absence is reported elsewhere. */
const ASK_MS = 3000;

/**
 * Whether the settings name another database than the one that is captured. The same under another name is none. A stack's own that would
 * go is refused elsewhere.
 */
export async function movedDatabase(
  { capture, volumes, connector }: AppliedStack,
  settings: DatabaseSettings,
): Promise<MovedDatabase | undefined> {
  const before = capture?.applied;
  if (before?.host === undefined || volumes.includes(`${settings.prefix}-postgres-data`)) return undefined;
  if (settings.existingDatabase === undefined)
    return { from: shown(before), to: "a database of the stack's own", capture: before };
  const now = { ...before, ...(await addressOf(settings)) };
  const { databaseAddress: address } = settings;
  const read = connector?.applied?.config ?? {};
  const isReadAt = address !== undefined && address === `${read["database.hostname"]}:${read["database.port"]}`;
  const moved = { from: shown(before), to: shown(now), capture: before, ...(isReadAt && { address }) };
  if (moved.from === moved.to) return undefined;
  const [{ lookAtFacts }, { isElsewhere }] = await Promise.all([
    import("../capture/session/look"),
    import("../capture/elsewhere"),
  ]);
  const facts = await lookAtFacts(now, ASK_MS).catch(() => undefined);
  return facts && (await isElsewhere(before, now, facts)) ? moved : undefined;
}

async function addressOf(settings: DatabaseSettings): Promise<Partial<CaptureOutputs>> {
  const { existingDatabase, database, user } = settings;
  const adminPassword = await bare(settings.password);
  const { host, port, tls, passwordCommand } = existingDatabase ?? {};
  return {
    ...{ database, adminUser: user, adminPassword, tls, adminPasswordCommand: passwordCommand },
    ...(host !== undefined && { host, port }),
  };
}

function shown({ host, port, database }: Pick<CaptureOutputs, "host" | "port" | "database">): string {
  return `${hostAndPort({ host, port })}/${database}`;
}
