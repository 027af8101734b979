/**
 * Names a change in the journal, the topic and the handler's notes. A version is a number that the writer uses once, so a row's
 * version names the change that wrote it. The deletion of that row and a TRUNCATE have names of their own.
 */
import type { Op } from "../../consumer/api";

/** Rows whose handler throws have this note. */
export const POISON = "poison";

/** @returns undefined for changes that the writer does not make: messages such as heartbeats, and the TRUNCATE before an `up` reads rows again */
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
