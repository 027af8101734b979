/** Warnings of the connector's heartbeats about captured tables that are no longer as they were captured. */
import type { ChangedTable } from "../../../components/capture/tables/changed";
import { consequence, whatHappened } from "../../../components/capture/tables/changed-words";
import type { DeliveryObserver } from "../../delivery/observer";
import { isOfAnother } from "./slot-watch";

/** The time of three heartbeats. Each heartbeat repeats the warnings for as long as they hold. */
const HOLDS_MS = 15_000;

export class CaptureWatch {
  private heardAt = -Infinity;
  private said: readonly string[] = [];

  /**
   * @param now monotonic ms
   * @param warn is called with each sentence once, until it no longer holds
   * @param slotName the connector's replication slot; empty: not known
   */
  constructor(
    private readonly now: () => number,
    private readonly warn: (sentence: string) => void,
    private readonly slotName = "",
  ) {}

  /** A sentence for each such table. Empty when none is known. */
  warnings(): readonly string[] {
    return this.now() - this.heardAt < HOLDS_MS ? this.said : [];
  }

  readonly unprinted: DeliveryObserver["unprinted"] = (event) => {
    if (event.op !== "heartbeat" || event.changedTables === undefined) return;
    const found = changedIn(event.changedTables);
    if (isOfAnother(found.slot, this.slotName)) return;
    const { tables } = found;
    const before = this.warnings();
    this.said = tables.map((each) => `${whatHappened(each)}: ${consequence(each)}`);
    this.heardAt = this.now();
    for (const sentence of this.said) if (!before.includes(sentence)) this.warn(sentence);
  };
}

/** Anybody can write such a message. One of another form is ignored. The list's first member may say which connector's heartbeat it is. */
function changedIn(json: string): { slot?: string; tables: ChangedTable[] } {
  try {
    const list: unknown = JSON.parse(json);
    if (!Array.isArray(list)) return { tables: [] };
    const { slot } = ((list as unknown[])[0] ?? {}) as { slot?: unknown };
    return { ...(typeof slot === "string" && { slot }), tables: list.filter(isChangedTable) };
  } catch {
    return { tables: [] };
  }
}

/** Not those whose rows an `up` reads just now: for them `npm run status` looks, and a warning here would outlive the reading by three heartbeats. */
function isChangedTable(value: unknown): value is ChangedTable {
  const { table, what } = (value ?? {}) as Partial<ChangedTable>;
  return typeof table === "string" && typeof what === "string" && what !== "unread";
}
