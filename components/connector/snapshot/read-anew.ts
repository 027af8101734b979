/** All rows told again from a clean slate: where changes are lost that no reader can get any more, or offsets are of no use. */
import { withDatabase } from "../slot/connector-session";
import { dropSlot, namedTables, slotOf } from "../slot/source";
import { tellEmptied } from "./emptied";
import type { ConnectorInputs } from "../connector-types";

/** How long the reader of a connector that was stopped may take to let go of the slot, in milliseconds. */
const LET_GO_MS = 15_000;
/** Prefix of the message that says that all rows were told again: its content is from where on, in bytes from the log's beginning. */
const READ_ANEW_PREFIX = "cdc.read-anew";

/** Leaves a stopped connector no slot, and no rows in its topics, for a snapshot as when it was new. */
export async function clearTheGround(inputs: ConnectorInputs): Promise<void> {
  await dropSlot(inputs.database!, slotOf(inputs.config), LET_GO_MS);
  await tellEmptied(inputs, namedTables(inputs.config), { streams: false });
}

/** Writes a message into the stream for the consumer's slot watch: from here on no change is missing. */
export async function tellReadAnew({ database }: ConnectorInputs): Promise<void> {
  const sql = `SELECT pg_logical_emit_message(true, $1, (pg_current_wal_lsn() - '0/0')::text)`;
  await withDatabase(database!, (client) => client.query(sql, [READ_ANEW_PREFIX]));
}
