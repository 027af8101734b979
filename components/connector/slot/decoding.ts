/**
 * Whether Postgres can decode the log of a slot at all. Where a transaction that had truncated or altered a table was open while the slot
 * was made, the slot may lack that change of the catalogue. Then each reader fails at the same place, and Debezium tries again without
 * end, its task RUNNING (PostgreSQL 17.12 and 18.4).
 */
import type { Ask } from "./connector-session";
import type { SlotState } from "./source";

/** How often readers of a slot have come and gone since one of them made progress. */
export interface Reads {
  confirmed?: bigint;
  /** When the last reader left, as Postgres' `inactive_since` prints it. */
  released?: string;
  failed: number;
}

/** So many failed readers in a row are worth a look. Debezium's come every 2 s. */
const FAILED_READS = 3;

/** Pure: the count after one more look at the slot. */
export function readsAfter(before: Reads | undefined, { confirmed, released }: SlotState): Reads {
  const isOn = before === undefined || before.confirmed !== confirmed;
  const failed = isOn ? 0 : before.failed + (released !== undefined && released !== before.released ? 1 : 0);
  return { confirmed, released: released ?? before?.released, failed };
}

/** Pure: whether enough readers have failed to ask Postgres why. */
export function isSuspect({ failed }: Reads, { active }: SlotState): boolean {
  return !active && failed >= FAILED_READS;
}

/** Decodes up to 10,000 changes and throws them away. A reader that wants the slot meanwhile is refused, and tries again. */
const PEEK = `SELECT count(*) FROM pg_logical_slot_peek_binary_changes($1, NULL, 10000, 'proto_version', '1', 'publication_names',
  (SELECT string_agg(quote_ident(pubname), ',') FROM pg_publication), 'messages', 'true')`;
const PEEK_MS = 3000;

/** Postgres' error where it cannot decode the slot's log; undefined where it can, or where that takes longer than `PEEK_MS`. */
export async function whyUndecodable(ask: Ask, slot: string): Promise<string | undefined> {
  return ask(async (client) => {
    await client.query("BEGIN");
    await client.query(`SET LOCAL statement_timeout = ${PEEK_MS}`);
    await client.query(PEEK, [slot]);
    await client.query("ROLLBACK");
    return undefined;
  }).catch((error: Error & { code?: string }) => (isInternal(error.code) ? error.message : undefined));
}

/** Errors that Postgres does not expect of itself, and files that are missing: https://www.postgresql.org/docs/17/errcodes-appendix.html */
function isInternal(code = ""): boolean {
  return code.startsWith("XX") || code === "58P01";
}
