/** The common effect of many changes of one table: for each key, its last row or none. Pure. */
import type { Change } from "../../consumer/change/change-event";
import type { Row } from "../../consumer/change/row";
import { valueToJson } from "../../consumer/change/value-json";

export interface NetEffect {
  /** Columns of the changes' keys: one list, or several where the key was altered meanwhile. */
  keys: string[][];
  /** Whether all rows from before are deleted first. */
  truncated: boolean;
  /** Keys whose row is deleted. */
  deleted: Row[];
  /** Rows after the changes, at most one for each key. */
  written: Row[];
}

/** @param changes of one table, in order */
export function netEffect(changes: readonly Change[]): NetEffect {
  let truncated = false;
  const last = new Map<string, Change>();
  for (const change of changes) {
    if (change.op === "truncate") {
      truncated = true;
      last.clear();
    } else if (change.key === null) {
      throw new Error(`${change.table}: a change of a row without a key, which the sink cannot find again`);
    } else if (change.unchanged !== undefined) {
      throw new Error(
        `${change.table}: the log does not have ${change.unchanged.join(", ")}; set REPLICA IDENTITY FULL`,
      );
    } else {
      last.set(valueToJson(change.key), change);
    }
  }
  const all = [...last.values()];
  const keys = new Map(all.map(({ key }) => [JSON.stringify(Object.keys(key!)), Object.keys(key!)]));
  return {
    keys: [...keys.values()],
    truncated,
    deleted: all.flatMap(({ op, key }) => (op === "delete" && !truncated ? [key!] : [])),
    written: all.flatMap(({ after }) => (after === null ? [] : [after])),
  };
}
