/** Changes that a connector can no longer read, worked out from the state of its slot and from its offset. Pure. */
import type { SlotState } from "./source";

/**
 * `dropped`: the slot is gone. `invalidated`: Postgres has removed log that the slot needed. `passed`: the slot begins after the
 * connector's offset, because somebody moved it on, or dropped it and made it again. `undecodable`: Postgres cannot decode the slot's
 * log. `forgotten`: the connector's offsets are gone, or `snapshot.mode=always` ignores them, so that it begins with a snapshot later than
 * its last offset. `rewound`: the server's log ends before what was read last, as an older copy of the database was put in its place. Postgres
 * then passes over every transaction up to that position.
 */
export interface Loss {
  kind: "dropped" | "invalidated" | "passed" | "undecodable" | "forgotten" | "rewound";
  /** The position that was read last, and the first that can be read again, in bytes from the log's beginning. `rewound`: the second is the log's end. */
  from: bigint;
  to: bigint;
  /** `invalidated`: Postgres' `invalidation_reason` (17 and later), as `wal_removed` or `idle_timeout`. `undecodable`: Postgres' error. */
  reason?: string;
}

/**
 * The loss by now; undefined when nothing is lost.
 *
 * @param stored how far the connector has read, in bytes from the log's beginning; null: it has read nothing, and begins with a snapshot
 */
export function lossOf(slot: SlotState, stored: number | null): Loss | undefined {
  if (stored === null) return undefined;
  const from = BigInt(stored);
  const { exists, invalidated, confirmed, written = from } = slot;
  const end = written > from ? written : from;
  if (!exists) return { kind: "dropped", from, to: end };
  if (invalidated !== undefined) return { kind: "invalidated", from, to: end, reason: invalidated };
  return confirmed !== undefined && confirmed > from ? { kind: "passed", from, to: confirmed } : undefined;
}

/**
 * The loss where the server's log is shorter than what was read of it.
 *
 * @param read how far the connector had read, as was known before the slot was asked; undefined: only what the slot itself has confirmed counts
 */
export function rewoundOf({ confirmed = 0n, ends }: SlotState, read: number | undefined): Loss | undefined {
  const known = BigInt(read ?? 0);
  const from = known > confirmed ? known : confirmed;
  return ends !== undefined && ends < from ? { kind: "rewound", from, to: ends } : undefined;
}

/** Postgres' reasons for an invalidation, each with the setting behind it. */
const REASONS: Record<string, string> = {
  wal_removed: "it kept more log than max_slot_wal_keep_size allows",
  idle_timeout: "nobody read it for longer than idle_replication_slot_timeout",
  wal_level_insufficient: "wal_level was below logical",
};

/**
 * The loss as a sentence without its full stop, with how many bytes of log are missing.
 *
 * @param former the slot that the connector has read so far, where its config names another one now
 */
export function lossWords(slot: string, { kind, from, to, reason = "" }: Loss, former = slot): string {
  const missing = `${(to - from).toLocaleString("en-US")} bytes of log`;
  if (former !== slot && (kind === "dropped" || kind === "passed"))
    return (
      `slot.name ${former} -> ${slot}: replication slot ${slot} ${kind === "dropped" ? "is yet to be made, and begins then" : `begins at ${lsnText(to)}`}, so the ` +
      `${missing} since ${lsnText(from)}, which was read last, are lost to the topics, unless slot.name stays ${former}`
    );
  switch (kind) {
    case "dropped":
      return `replication slot ${slot} was dropped: the ${missing} written since ${lsnText(from)}, which was read last, are lost to the topics`;
    case "invalidated":
      return (
        `Postgres has invalidated replication slot ${slot}${because(reason)}: the ${missing} written since ${lsnText(from)}, ` +
        "which was read last, are lost to the topics"
      );
    case "passed":
      return (
        `replication slot ${slot} was moved on by hand, or dropped and made again: it begins at ${lsnText(to)}, and the ${missing} since ` +
        `${lsnText(from)}, which was read last, are lost to the topics`
      );
    case "undecodable":
      return (
        `Postgres cannot decode the log of replication slot ${slot} (${reason}): the ${missing} since ` +
        `${lsnText(from)}, which was read last, are lost to the topics`
      );
    case "rewound":
      return (
        `replication slot ${slot} is in an older copy of the database, as after a volume or a snapshot was put back: its log ends at ${lsnText(to)}, before ` +
        `${lsnText(from)}, which was read last. What is written until the log is there again is lost to the topics, and they have changes that the copy has not`
      );
    case "forgotten":
      return (
        "the connector begins with a snapshot, as Kafka Connect has no offset of it any more, the slot does not go on from it or snapshotMode is always: of the " +
        `${missing} since ${lsnText(from)}, which was read last, the topics get only the rows that are left, and no DELETE`
      );
  }
}

function because(reason: string): string {
  const words = REASONS[reason] ?? reason;
  return words === "" ? "" : ` (${words})`;
}

/** As Postgres writes a position: `0/15B90A0`. */
export function lsnText(position: bigint): string {
  const hex = (part: bigint): string => part.toString(16).toUpperCase();
  return `${hex(position >> 32n)}/${hex(position & 0xffffffffn)}`;
}
