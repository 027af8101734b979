/**
 * `/events`: Server-Sent Events. A client is only a place in the ring of recent changes: nothing is queued for it, so a
 * client that reads too slowly costs no memory; when it falls too far behind it skips to the newest and is told so.
 */
import type { GapJson } from "../api";
import type { Filter } from "../change/filter";
import type { Recent, RecentEntry } from "./recent";
import type { Totals } from "./totals";

/** What a client's connection must offer; Node's ServerResponse does. */
export interface Sink {
  write(text: string): boolean;
  readonly writableNeedDrain: boolean;
  once(event: "drain", listener: () => void): unknown;
}

/** Most changes in one message. With one message each FLUSH_MS this is 20,000 a second. */
const MOST_AT_ONCE = 1000;
const FLUSH_MS = 50;
/** Characters in one message: a message of huge rows is sent in parts. */
const LARGEST_MESSAGE = 1 << 20;
/** Changes looked at for a client before others get their turn: one whose filter matches nothing is never told to wait. */
const MOST_IN_A_TURN = 10 * MOST_AT_ONCE;

interface Client {
  sink: Sink;
  filter: Filter;
  /** Id of the last change this client has had, or skipped. */
  at: number;
  /** Up to this id the client is catching up with what was held when it came: none of that is skipped. */
  replayUntil: number;
  sampled: number;
  /** It goes on by itself: when its connection has room again, or in the next turn of the event loop. */
  waiting: boolean;
}

export interface FeedOptions {
  recent: Recent;
  totals: Totals;
  epoch: string;
  /** Calls back once after ms; the feed never needs it cancelled. */
  later(ms: number, callback: () => void): void;
  /** Milliseconds, monotonic. */
  now(): number;
}

export interface Join {
  filter: Filter;
  /** Where to go on; null: from now. */
  after: { epoch: string | null; id: number } | null;
}

export class Feed {
  private readonly clients = new Set<Client>();
  private lastFlush = -Infinity;
  private flushPlanned = false;

  constructor(private readonly options: FeedOptions) {}

  get size(): number {
    return this.clients.size;
  }

  /** Returns the function that ends it. */
  join(sink: Sink, { filter, after }: Join): () => void {
    const { recent, epoch } = this.options;
    const newest = recent.newestId ?? 0;
    const client: Client = {
      sink,
      filter,
      at: newest,
      replayUntil: newest,
      sampled: 0,
      waiting: false,
    };
    sink.write("retry: 1000\n\n");
    this.sendTotals(client);
    if (after !== null) {
      const restarted = after.epoch !== null ? after.epoch !== epoch : after.id > newest;
      const missed = recent.missedAfter(after.id);
      client.at = restarted || missed > 0 ? (recent.oldestId ?? 1) - 1 : after.id;
      if (restarted) sendGap(client, { reason: "restarted", missed: null });
      else if (missed > 0) sendGap(client, { reason: "evicted", missed });
    }
    this.clients.add(client);
    this.serve(client);
    return () => this.clients.delete(client);
  }

  /** There may be new changes in the ring. Sends at once when quiet, else at the end of the current 50 ms. */
  changed(): void {
    if (this.flushPlanned || this.clients.size === 0) return;
    const wait = this.lastFlush + FLUSH_MS - this.options.now();
    if (wait <= 0) return this.flush();
    this.flushPlanned = true;
    this.options.later(wait, () => {
      this.flushPlanned = false;
      this.flush();
    });
  }

  sendTotalsToAll(): void {
    for (const client of this.clients) this.sendTotals(client);
  }

  keepAlive(): void {
    for (const client of this.clients) if (!client.sink.writableNeedDrain) client.sink.write(": keep-alive\n\n");
  }

  /** Sends at once what the clients lack. */
  flush(): void {
    this.lastFlush = this.options.now();
    for (const client of this.clients) this.serve(client);
  }

  /** Sends what the client lacks, as far as its connection takes it. */
  private serve(client: Client): void {
    if (client.waiting) return;
    const { recent } = this.options;
    const turnEnds = client.at + MOST_IN_A_TURN;
    while (recent.countAfter(client.at) > 0) {
      if (client.sink.writableNeedDrain) return this.serveAfterDrain(client);
      if (client.at >= turnEnds) return this.serveSoon(client);
      if (client.at >= client.replayUntil) this.skip(client);
      else this.tellEvicted(client);
      this.sendNext(client);
    }
  }

  private sendNext(client: Client): void {
    const { recent } = this.options;
    const entries = recent.after(client.at, MOST_AT_ONCE);
    const chosen: RecentEntry[] = [];
    let characters = 0;
    for (const entry of entries) {
      client.at = entry.id;
      if (!recent.selects(client.filter, entry)) continue;
      chosen.push(entry);
      characters += entry.json.length;
      if (characters >= LARGEST_MESSAGE) break;
    }
    if (chosen.length === 0) return;
    const data = chosen.map((entry) => entry.json).join(",");
    client.sink.write(`id: ${this.options.epoch}-${client.at}\nevent: changes\ndata: [${data}]\n\n`);
  }

  /** Too far behind: go on with the newest. */
  private skip(client: Client): void {
    const { recent } = this.options;
    const behind = recent.countAfter(client.at) + recent.missedAfter(client.at);
    if (behind <= MOST_AT_ONCE) return;
    const next = recent.newest(MOST_AT_ONCE)[0]!;
    const missed = Math.max(0, behind - MOST_AT_ONCE);
    client.at = next.id - 1;
    client.sampled += missed;
    sendGap(client, { reason: "slow", missed });
  }

  /** While the client was catching up, the ring moved on. */
  private tellEvicted(client: Client): void {
    const { recent } = this.options;
    const missed = recent.missedAfter(client.at);
    if (missed === 0) return;
    client.at = recent.oldestId! - 1;
    client.sampled += missed;
    sendGap(client, { reason: "slow", missed });
  }

  private serveAfterDrain(client: Client): void {
    client.waiting = true;
    client.sink.once("drain", () => this.goOn(client));
  }

  private serveSoon(client: Client): void {
    client.waiting = true;
    this.options.later(0, () => this.goOn(client));
  }

  private goOn(client: Client): void {
    client.waiting = false;
    if (this.clients.has(client)) this.serve(client);
  }

  private sendTotals(client: Client): void {
    // Counts are sums: a client that cannot take this one gets a newer one, and nothing is lost.
    if (client.sink.writableNeedDrain) return;
    client.sink.write(`event: totals\ndata: ${JSON.stringify(this.options.totals.json(client.sampled))}\n\n`);
  }
}

function sendGap(client: Client, gap: GapJson): void {
  client.sink.write(`event: gap\ndata: ${JSON.stringify(gap)}\n\n`);
}
