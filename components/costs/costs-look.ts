import type { AppliedStack } from "../preflight/applied";
import { serversOf } from "../existing/kafka/kafka-access";
import { presentTopics } from "../cluster/brokers/broker-topics";
import type { DataAtStake, TopicCount } from "./costs";
import { declaredTopics, type TopicSettings } from "./declared-topics";

/** How long each part of the stack may take to answer, in milliseconds. A part that is down must not delay the run. */
const ASK_MS = 3000;

/**
 * Captured tables that the database no longer has, or has as a partition or unlogged, which cannot be captured. Those of a `schema.*` leave
 * the capture by that alone.
 */
export async function droppedTables(applied: AppliedStack, settings: TopicSettings): Promise<string[]> {
  const captured = applied.capture?.captured ?? [];
  const database = applied.connector?.database;
  if (database === undefined || captured.length === 0) return [];
  if (declaredTopics(settings).schemas.length === 0) return [];
  const { withDatabase } = await import("../connector/slot/connector-session");
  const existing = await withDatabase({ ...database, ...LIMITS }, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace " +
        "WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p' AND n.nspname || '.' || c.relname = ANY ($1)",
      [captured],
    );
    return rows.map(({ name }) => name);
  }).catch(() => captured);
  return captured.filter((table) => !existing.includes(table));
}

const LIMITS = { connectionTimeoutMillis: ASK_MS, query_timeout: ASK_MS };

/** Topics, or which of those that the broker has. */
export type AskedTopics = readonly string[] | ((present: readonly string[]) => string[]);

/** Counts records in the topics that a change touches, and the unread log of a slot that would be dropped. */
export async function lookAtLosses(
  applied: AppliedStack,
  topics: AskedTopics,
  group: string,
  slotGoes: boolean,
): Promise<DataAtStake> {
  const [counts, unreadLog] = await Promise.all([
    topics.length > 0 ? countRecords(applied, topics, group) : new Map(),
    slotGoes ? unreadLogOf(applied) : 0,
  ]);
  return { topics: counts, unreadLog };
}

async function countRecords(
  { bootstrapServers }: AppliedStack,
  topics: AskedTopics,
  group: string,
): Promise<Map<string, TopicCount | undefined> | undefined> {
  if (bootstrapServers === undefined) return undefined;
  const { lookAtBroker } = await import("../preflight/broker-look");
  const asked = typeof topics === "function" ? topics : [...topics];
  const look = await lookAtBroker(bootstrapServers, group, asked, ASK_MS, true).catch(() => undefined);
  if (look === undefined) return undefined;
  const counts = new Map<string, TopicCount | undefined>(look.leaderless?.map((topic) => [topic, undefined]));
  for (const { topic, records, behind } of look.partitions) {
    const { records: before, unread } = counts.get(topic) ?? { records: 0, unread: 0 };
    counts.set(topic, { records: before + records, unread: unread + behind });
  }
  return counts;
}

async function unreadLogOf({ connector }: AppliedStack): Promise<number | undefined> {
  if (connector?.database === undefined) return undefined;
  const [{ withSession }, { slotState }] = await Promise.all([
    import("../connector/slot/connector-session"),
    import("../connector/slot/source"),
  ]);
  const slot = await withSession({ ...connector.database, ...LIMITS }, (ask) =>
    slotState(ask, connector.slotName),
  ).catch(() => undefined);
  if (slot === undefined) return undefined;
  // A slot that does not exist has no unread log.
  if (!slot.exists) return 0;
  return slot.confirmed === undefined || slot.written === undefined ? undefined : Number(slot.written - slot.confirmed);
}

/**
 * Topics that the broker has and the state does not have: of tables that were captured once, or somebody else's. The broker is
 * asked only when a declared topic would have to be made.
 *
 * @param further topics that are declared beside those of the tables
 */
export async function keptTopics(
  { bootstrapServers, topics }: AppliedStack,
  settings: TopicSettings,
  further: readonly string[],
): Promise<Set<string>> {
  const known = topics.map(({ name }) => name);
  const { names, schemas } = declaredTopics(settings);
  const areAllKnown = schemas.length === 0 && [...names, ...further].every((name) => known.includes(name));
  if (bootstrapServers === undefined || areAllKnown) return new Set();
  const there = await presentTopics(serversOf(bootstrapServers));
  return new Set(there.filter((name) => !known.includes(name)));
}
