import { type Change, isChange } from "../../../consumer/change/change-event";
import { parseRecord } from "../../../consumer/change/parse-record";
import { recordsOf } from "../../support/stack/topic";
import type { Rig } from "../consumer/rig";

/** A change, with its place in the log according to the record. */
export interface Read {
  change: Change;
  source: { lsn: number; txId: number; ts_us: number; sequence: string };
}

/** Reads the tables' topics, each time only new records. */
export class Reader {
  private readonly read = new Map<string, number>();

  constructor(
    private readonly rig: Rig,
    private readonly tables: readonly string[],
  ) {}

  async news(): Promise<Read[]> {
    const all: Read[] = [];
    for (const topic of this.tables.map((table) => this.rig.topicOf(table))) {
      const records = await recordsOf(this.rig.outputs.bootstrapServers, topic);
      for (const [offset, { key, value }] of [...records.entries()].slice(this.read.get(topic) ?? 0)) {
        const bytes = (text: string | null) => (text === null ? null : Buffer.from(text));
        const change = parseRecord(topic, 0, { key: bytes(key), value: bytes(value), offset: String(offset) });
        if (isChange(change)) all.push({ change, source: (JSON.parse(value!) as Read).source });
      }
      this.read.set(topic, records.length);
    }
    return all;
  }
}

/** The parts of a change that must be the same when it is read again. */
export function contentOf({ op, table, key, before, after, position }: Change) {
  return { op, table, key, before, after, position };
}
