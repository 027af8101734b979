/**
 * Whether Postgres can decode the log of a slot at all. Where a transaction that had truncated or altered a table was open while the slot
 * was made, the slot may lack that change of the catalogue (PostgreSQL 17.12 and 18.4). And Postgres before 18 looks for the publication
 * as it was when a change was written: changes from between its drop and its return cannot be read, as after `pg_restore --clean` of the
 * database (17.12). In both, each reader fails at the same place, and Debezium tries again without end, its task RUNNING.
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
  quote_ident($2), 'messages', 'true')`;
const PEEK_MS = 3000;

/**
 * Postgres' error where it cannot decode the slot's log, with its cause; undefined where it can, or where that takes longer than `PEEK_MS`.
 * A slot that somebody reads is left alone.
 */
export async function whyUndecodable(ask: Ask, slot: string, publication: string): Promise<string | undefined> {
  return ask(async (client) => {
    await client.query("BEGIN");
    await client.query(`SET LOCAL statement_timeout = ${PEEK_MS}`);
    await client.query(PEEK, [slot, publication]);
    await client.query("ROLLBACK");
    return undefined;
  }).catch((error: Error & { code?: string; where?: string }) => {
    const cause = causeOf(error);
    return cause && `${error.message}: ${cause}`;
  });
}

/** Pure. The codes: https://www.postgresql.org/docs/17/errcodes-appendix.html */
function causeOf({ code = "", where = "" }: { code?: string; where?: string }): string | undefined {
  // A slot that does not exist has the same code. It is no error of a change, and so has no context.
  if (code === UNDEFINED_OBJECT && where !== "") return "it was missing while changes were written";
  // Errors that Postgres does not expect of itself, and files that are missing.
  return code.startsWith("XX") || code === "58P01"
    ? "the slot was made while a table was truncated or altered"
    : undefined;
}

/** SQLSTATE undefined_object. */
const UNDEFINED_OBJECT = "42704";
