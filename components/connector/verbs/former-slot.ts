/** A connector whose config names another slot than the one that it has read so far. */
import { withSession } from "../slot/connector-session";
import { isPostgres, slotOf, slotState } from "../slot/source";
import type { ConnectorInputs } from "../connector-types";
import type { ApplyProgress } from "./begin";

/** Pure: the slot of the connector in Kafka Connect, where the inputs name another one. */
export function otherSlot(live: Record<string, string> | undefined, { config }: ConnectorInputs): string | undefined {
  if (live === undefined || !isPostgres(config) || !isPostgres(live)) return undefined;
  return slotOf(live) === slotOf(config) ? undefined : slotOf(live);
}

/** Says that nobody reads the former slot any more, where it is still there. */
export async function tellFormerSlot(
  { connectorName, database }: ConnectorInputs,
  { formerSlot: slot }: ApplyProgress,
): Promise<void> {
  if (slot === undefined || database === undefined) return;
  const state = await withSession(database, (ask) => slotState(ask, slot)).catch(() => undefined);
  if (state?.exists !== true || state.active) return;
  console.error(
    `Replication slot ${slot} is left: connector ${connectorName} reads another one now, and this one keeps the database's log until somebody runs: ` +
      `SELECT pg_drop_replication_slot('${slot}');`,
  );
}
