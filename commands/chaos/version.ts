/**
 * What a change is known by in journal, topic and handler. A version is a number that the writer gives once, so a row's version
 * names the change that made it; the deletion of that row and a TRUNCATE have names of their own.
 */
import type { Op } from "../../consumer/api";

/** Rows whose handler throws have this note. */
export const POISON = "poison";

/** Undefined for what the writer does not write: messages, as the heartbeat's, and the TRUNCATE with which an `up` tells all anew. */
export function versionOf(op: Op, version: unknown, txId: unknown): string | undefined {
  switch (op) {
    case "message":
      return undefined;
    case "truncate":
      return txId === null || txId === undefined ? undefined : `t${String(txId)}`;
    case "delete":
      return `d${String(version)}`;
    default:
      return String(version);
  }
}
