/** Clears slot and topics for a new snapshot of all rows: where changes are lost, or offsets can no longer be used. */
import { withDatabase } from "../slot/connector-session";
import { dropSlot, namedTables, slotOf } from "../slot/source";
import { tellEmptied } from "./emptied";
import type { ConnectorInputs } from "../connector-types";

/** How long a stopped connector may take to release the slot, in milliseconds. */
const LET_GO_MS = 15_000;
/**
 * Prefix of the message that says that all rows were read again. Its content is the position from which on, in bytes from the log's beginning, and the
 * slot: every connector of the database reads the message.
 */
const READ_ANEW_PREFIX = "cdc.read-anew";

/**
 * Drops the slot of a stopped connector, and writes a TRUNCATE into each of its topics. Its next start takes a first snapshot.
 *
 * @param former a slot that it has read under another name
 */
export async function clearTheGround(inputs: ConnectorInputs, former?: string): Promise<void> {
  for (const slot of [slotOf(inputs.config), ...(former === undefined ? [] : [former])])
    await dropSlot(inputs.database!, slot, LET_GO_MS);
  await tellEmptied(inputs, namedTables(inputs.config), { streams: false });
}

/** Writes a message into the stream that tells the consumer's slot watch: from here on no change is missing. */
export async function tellReadAnew({ database, config }: ConnectorInputs): Promise<void> {
  const sql = `SELECT pg_logical_emit_message(true, $1, (pg_current_wal_lsn() - '0/0') || ' ' || $2)`;
  await withDatabase(database!, (client) => client.query(sql, [READ_ANEW_PREFIX, slotOf(config)]));
}
