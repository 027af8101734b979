/** The committed changes, those of each key in their order. */
import { closeSync, openSync, writeSync } from "node:fs";
import type { Table } from "../chaos-tables";

/** One change as the topic must have it. */
export interface Written {
  table: Table;
  /** The row's key; `*` for a TRUNCATE. */
  key: string;
  version: string;
}

export interface JournalEntry extends Written {
  /** When its COMMIT was acknowledged, or was found to have worked, in ms since 1970. */
  at: number;
}

/** Keeps the changes in memory, and in a file for a later look: `<ms> <table> <key> <version>` a line. */
export class Journal {
  readonly entries: JournalEntry[] = [];
  private readonly file: number;

  constructor(path: string) {
    this.file = openSync(path, "w");
  }

  committed(changes: readonly Written[], at = Date.now()): void {
    for (const change of changes) this.entries.push({ ...change, at });
    writeSync(this.file, changes.map(({ table, key, version }) => `${at} ${table} ${key} ${version}\n`).join(""));
  }

  close(): void {
    closeSync(this.file);
  }
}
