import { teller } from "../../../program/dynamic/teller";
import type { Probe } from "../../poll";
import { tellEmptied } from "./emptied";
import {
  compared,
  isBehind,
  MOST_STARTS,
  noteOf,
  pendingAs,
  type Reading,
  rejectFailedTask,
  startsSince,
  untilRead,
} from "./read-table";
import { send } from "./signals";
import { togetherSignal } from "./snapshot-signal";
import { snapshotVerdict, type SnapshotVerdict } from "./snapshot-verdict";
import type { TableLook } from "./table-look";

/**
 * Has small tables read by one blocking snapshot. With a snapshot for each, Debezium would read the whole schema each time, which takes a
 * second or more.
 *
 * @param tables each with the look at it
 * @returns each table that was read, in words. The others are left to `readTable`, which finds out why.
 */
export async function readTogether(
  reading: Reading,
  tables: ReadonlyMap<string, TableLook>,
): Promise<Map<string, string>> {
  const { reader, signals, inputs } = reading;
  const names = [...tables.keys()];
  const since = reader.told().length;
  const sent = await send(signals, togetherSignal(names), noteOf(reading, names));
  const tell = teller();
  const verdicts = (): Map<string, SnapshotVerdict> => {
    const told = reader.told();
    return new Map(
      names.map((table) => [table, snapshotVerdict({ table, type: "blocking", id: sent.id, since }, told)]),
    );
  };
  const probe = async (): Promise<Probe<Map<string, SnapshotVerdict>>> => {
    await rejectFailedTask(reading);
    const now = verdicts();
    const count = (kind: SnapshotVerdict["is"]): number => [...now.values()].filter(({ is }) => is === kind).length;
    // The signals of single tables would have those read twice that the joint one has the restarted task read once more.
    const mayBeRead = count("forgotten") > 0 && startsSince(reading, since) <= MOST_STARTS;
    const isAsked = mayBeRead && (await isBehind(reading, sent));
    const waiting = count("waiting") + (isAsked ? count("forgotten") : 0);
    if (waiting === 0) return { done: true, value: now };
    const done = names.length - waiting;
    const seen = await pendingAs(reading, `${done} of ${names.length} tables read`, sent, done);
    tell(`existing rows: ${seen.seen}.`, seen.kind);
    return seen;
  };
  const what = `${names.length} tables to be read (blocking snapshot): ${names.join(", ")}`;
  const found = await untilRead(inputs, what, probe);
  const read = new Map<string, string>();
  for (const [table, verdict] of found)
    if (verdict.is === "read") read.set(table, await compared(reading, table, tables.get(table)!, verdict));
  // Without a key nothing tells the rows that were read before the end apart from those that are read once more.
  const again = names.filter((table) => !read.has(table) && !tables.get(table)!.hasKey);
  await tellEmptied(inputs, again, { streams: true });
  return read;
}
