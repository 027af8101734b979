/** What the connector's heartbeats say of captured tables that are no longer what was captured. */
import { type ChangedTable, consequence, whatHappened } from "../../../components/capture/tables/changed";
import type { DeliveryObserver } from "../../delivery/observer";

/** Three heartbeats: it is said again with each for as long as it is so. */
const HOLDS_MS = 15_000;

export class CaptureWatch {
  private heardAt = -Infinity;
  private said: readonly string[] = [];

  /**
   * @param now monotonic ms
   * @param warn is told of each sentence once, until it no longer holds
   */
  constructor(
    private readonly now: () => number,
    private readonly warn: (sentence: string) => void,
  ) {}

  /** A sentence for each such table; none where nothing is known. */
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

/** Anybody may write such a message; what is none of ours says nothing. */
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
