import type { ChangeJson, ChangesJson, GapJson, TotalsJson } from "../api";
import type { Filter } from "../change/filter";
import { toQuery } from "./changes/filter-form";
import type { RecentItem, StreamPlace } from "./changes/recent-items";
import { follow, type Following, type Link, type StreamEvent } from "./sse";

/** How many changes one request fetches: when the page opens, when a filter changes, when a long pause ends. */
const FETCHED = 2_000;

export interface Listener {
  /** `chars` is the size of the batch's JSON text. */
  onChanges: (life: number, changes: ChangeJson[], chars: number) => void;
  onTotals: (totals: TotalsJson) => void;
  onGap: (gap: GapJson) => void;
  onLink: (link: Link) => void;
}

/** The page's requests to the consumer. Each epoch of the consumer, which is one process, becomes a life, numbered from 1. */
export class Connection {
  private epoch = "";
  private life = 0;
  private following: Following | undefined;

  constructor(private readonly listener: Listener) {}

  /** Gets the changes that the consumer holds, then all later ones, without a gap between. */
  async start(): Promise<void> {
    let lastEventId: string | undefined;
    try {
      const answer = await ask(new URLSearchParams({ limit: String(FETCHED) }));
      const life = this.lifeOf(answer.epoch);
      this.listener.onChanges(life, answer.changes, JSON.stringify(answer.changes).length);
      lastEventId = `${answer.epoch}-${answer.newestId ?? 0}`;
    } catch {
      // The consumer ended after it sent the page. The stream below says so, and tries again.
    }
    this.following = follow({
      url: () => (lastEventId === undefined ? "events?after=0" : "events"),
      signal: new AbortController().signal,
      onEvent: (event) => this.receive(event),
      onLink: this.listener.onLink,
      ...(lastEventId !== undefined && { lastEventId }),
    });
  }

  retryNow(): void {
    this.following?.retryNow();
  }

  /** Matching changes that the consumer still holds. An `after` of an earlier life bounds nothing: all changes of this life are newer. */
  async fetch(filter: Filter, after: StreamPlace | undefined): Promise<RecentItem[]> {
    const query = toQuery(filter);
    query.set("limit", String(after ? 10_000 : FETCHED));
    if (after && after.life === this.life) query.set("after", `${this.epoch}-${after.id}`);
    const answer = await ask(query);
    const life = this.lifeOf(answer.epoch);
    return answer.changes.map((change) => ({ life, change }));
  }

  /** The newest matching changes, as many as the consumer gives, a line of JSON each, oldest first. */
  async download(filter: Filter): Promise<string> {
    const query = toQuery(filter);
    query.set("limit", "10000");
    const { changes } = await ask(query);
    return changes.map((change) => `${JSON.stringify(change)}\n`).join("");
  }

  private receive({ event, data, id }: StreamEvent): void {
    if (event === "changes") {
      const epoch = id?.slice(0, id.lastIndexOf("-")) ?? this.epoch;
      this.listener.onChanges(this.lifeOf(epoch), JSON.parse(data) as ChangeJson[], data.length);
    } else if (event === "totals") {
      const totals = JSON.parse(data) as TotalsJson;
      this.lifeOf(totals.epoch);
      this.listener.onTotals(totals);
    } else if (event === "gap") {
      this.listener.onGap(JSON.parse(data) as GapJson);
    }
  }

  private lifeOf(epoch: string): number {
    if (epoch !== this.epoch) {
      this.epoch = epoch;
      this.life++;
    }
    return this.life;
  }
}

async function ask(query: URLSearchParams): Promise<ChangesJson> {
  const response = await fetch(`changes?${query}`, { cache: "no-store", signal: AbortSignal.timeout(15_000) });
  if (!response.ok) throw new Error(`/changes answered ${response.status}`);
  return (await response.json()) as ChangesJson;
}
