/** The comparison of one table: a file of rows for each side, and the result. */
import { join } from "node:path";
import type { Client } from "pg";
import type { ChangedTable } from "../../components/capture/tables/changed";
import { compare, type Comparison } from "./compare";
import { hashDatabase } from "./rows/database-rows";
import { differencesOf } from "./differences";
import { kindOf, type TopicRecord } from "./values/record-envelope";
import { RowHashes } from "./rows/hashes";
import type { OffsetRange } from "./rows/read-topics";
import { reasonsOf, wayOut } from "./reasons";
import { type TableResult, unlooked } from "./result";
import { partsFor, SpillFile } from "./rows/spill-file";
import type { TableShape } from "./compared-table";
import { TopicRows } from "./rows/topic-rows";
import type { Moment } from "./rows/visibility";

export interface Checked {
  shape: TableShape;
  topic: string;
  ranges: readonly OffsetRange[];
  /** The topic's ranges as they were before the moment. */
  before: readonly OffsetRange[];
  moment: Moment;
  /** The connector's. */
  config: Readonly<Record<string, string>>;
  /** See `TopicFacts`. */
  told?: readonly ChangedTable[];
  /** Where files may be. */
  folder: string;
  /** Calls back with each record of the ranges. */
  read: (ranges: readonly OffsetRange[], take: (topic: string, record: TopicRecord) => void) => Promise<void>;
}

export class TableCheck {
  topicRows: TopicRows;
  private hashes: RowHashes;
  private files = 0;

  constructor(private readonly checked: Checked) {
    this.hashes = new RowHashes(checked.shape.columns.length, false);
    this.topicRows = this.newTopicRows();
  }

  /** Forgets what was read where the topic is to be read by column. @returns whether it is */
  beginByColumn(): boolean {
    if (!this.topicRows.needsColumns) return false;
    this.topicRows.remove();
    this.hashes = new RowHashes(this.checked.shape.columns.length, true);
    this.topicRows = this.newTopicRows();
    return true;
  }

  async result(client: Client): Promise<TableResult> {
    const { shape, topic, ranges } = this.checked;
    const rows = this.topicRows;
    const trouble = rows.trouble ?? this.keyTrouble();
    if (trouble !== undefined) {
      rows.remove();
      return unlooked(shape.name, topic, trouble);
    }
    const key = rows.key?.places ?? [];
    const comparison = await this.compared(client, key);
    const { rows: counts, hash, differing, untold } = comparison;
    const again = (take: (record: TopicRecord) => void) => this.checked.read(ranges, (_topic, record) => take(record));
    const isEqual = differing + untold === 0;
    return {
      ...{ table: shape.name, topic, ok: isEqual, rows: counts, hash, differing, untold },
      differences: isEqual
        ? []
        : await differencesOf(client, shape, this.hashes, key, comparison, ranges.length, again),
      reasons: isEqual ? [] : reasonsOf({ ...this.checked, gone: this.gone, topicRows: rows, comparison }),
    };
  }

  /** How many records retention, or a person, has removed from the beginning of the topic. */
  private get gone(): bigint {
    return this.topicRows.isEmptied ? 0n : this.checked.ranges.reduce((sum, { low }) => sum + low, 0n);
  }

  private async compared(client: Client, key: readonly number[]): Promise<Comparison> {
    const { shape, config } = this.checked;
    const rows = this.topicRows;
    const held = this.newFile("database");
    try {
      // pg_upgrade writes the catalogue anew, with numbers behind those of all records; a partition may be older than its root. Neither makes records another table's.
      const hasOlder = await hashDatabase(client, shape, this.hashes, key, held);
      const readsRows = !["no_data", "never"].includes(config["snapshot.mode"] ?? "");
      return compare(held, rows.file, {
        keyed: key.length > 0,
        byColumn: this.hashes.byColumn,
        moves: rows.resolvedMoves(),
        complete: this.gone === 0n && (readsRows || rows.isEmptied),
        rekeyed: rows.rekeyed.rows,
        steady: rows.absent.size === 0,
        earlierUpTo: hasOlder ? new Map() : rows.earlierUpTo,
      });
    } finally {
      held.remove();
      rows.remove();
    }
  }

  /** Why no row of the table can have the key of the topic's last record. */
  private keyTrouble(): string | undefined {
    const { shape } = this.checked;
    const { names, kinds, places } = this.topicRows.key ?? { names: [], kinds: [], places: [] };
    for (const [at, name] of names.entries()) {
      const column = shape.columns[places[at]!];
      if (column === undefined)
        return `Its records have the key (${names.join(", ")}), and the table has no column ${name} any more: it was dropped or renamed, and no record was written since. ${wayOut(this.checked)}`;
      if (kindOf(column.type) !== kinds[at])
        return `Its records have a ${kinds[at]} as key ${name}, and the column has values of another kind: its type was changed, and no record was written since, or the connector's config gives values another form. ${wayOut(this.checked)}`;
    }
    return undefined;
  }

  private newTopicRows(): TopicRows {
    const { shape, moment, ranges, before } = this.checked;
    return new TopicRows({
      ...{ shape, moment, hashes: this.hashes, partitions: ranges.length },
      endsBefore: new Map(before.map(({ partition, high }) => [partition, high])),
      newFile: () => this.newFile("topic"),
    });
  }

  private newFile(side: string): SpillFile {
    const { shape, ranges, folder } = this.checked;
    // Names of tables may be too long for a file, or differ only in case.
    const name = `${Buffer.from(shape.name).toString("hex").slice(0, 200)}.${side}.${this.files++}`;
    const records = ranges.reduce((sum, { low, high }) => sum + Number(high - low), 0);
    const parts = partsFor(Math.max(records, shape.estimate));
    return new SpillFile(join(folder, name), this.hashes.bytes, parts, side === "topic" && ranges.length > 1);
  }
}
