/** Warnings of the connector's heartbeats about captured tables that are no longer as they were captured. */
import type { ChangedTable } from "../../../components/capture/tables/changed";
import { consequence, whatHappened } from "../../../components/capture/tables/changed-words";
import type { DeliveryObserver } from "../../delivery/observer";

/** The time of three heartbeats. Each heartbeat repeats the warnings for as long as they hold. */
const HOLDS_MS = 15_000;

export class CaptureWatch {
  private heardAt = -Infinity;
  private said: readonly string[] = [];

  /**
   * @param now monotonic ms
   * @param warn is called with each sentence once, until it no longer holds
   */
  constructor(
    private readonly now: () => number,
    private readonly warn: (sentence: string) => void,
  ) {}

  /** A sentence for each such table. Empty when none is known. */
  warnings(): readonly string[] {
    return this.now() - this.heardAt < HOLDS_MS ? this.said : [];
  }

  readonly unprinted: DeliveryObserver["unprinted"] = (event) => {
    if (event.op !== "heartbeat" || event.changedTables === undefined) return;
    const tables = changedIn(event.changedTables);
    const before = this.warnings();
    this.said = tables.map((each) => `${whatHappened(each)}: ${consequence(each)}`);
    this.heardAt = this.now();
    for (const sentence of this.said) if (!before.includes(sentence)) this.warn(sentence);
  };
}

/** Anybody can write such a message. One of another form is ignored. */
function changedIn(json: string): ChangedTable[] {
  try {
    const tables: unknown = JSON.parse(json);
    return Array.isArray(tables) ? tables.filter(isChangedTable) : [];
  } catch {
    return [];
  }
}

function isChangedTable(value: unknown): value is ChangedTable {
  const { table, what } = (value ?? {}) as Partial<ChangedTable>;
  return typeof table === "string" && typeof what === "string";
}
