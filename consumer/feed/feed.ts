/**
 * `/events`: Server-Sent Events. A client is only a place in the ring of recent changes: nothing is queued for it, so a
 * client that reads too slowly costs no memory; when it falls too far behind it skips to the newest and is told so.
 */
import type { GapJson } from "../api";
import type { Filter } from "../change/filter";
import type { Recent } from "./recent";
import { MOST_AT_ONCE, SharedMessages } from "./shared-messages";
import type { Totals } from "./totals";

/** What a client's connection must offer; Node's ServerResponse does. */
export interface Sink {
  write(message: string | Buffer): boolean;
  readonly writableNeedDrain: boolean;
  once(event: "drain", listener: () => void): unknown;
}

/** With one message of the most changes each time this is 20,000 a second. */
const FLUSH_MS = 50;
/** How long clients are served in one turn of the event loop. All clients may take much longer: wide rows, many clients, text filters. */
const TURN_MS = 10;

interface Client {
  sink: Sink;
  filter: Filter;
  /** Id of the last change this client has had, or skipped. */
  at: number;
  /** Changes up to this id were held when the client connected, or when it had to wait for its turn: none of them is skipped. */
  replayUntil: number;
  sampled: number;
  /** It goes on by itself when its connection has room again. */
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
  /** Those to be served, in this order. */
  private readonly due = new Set<Client>();
  private turnPlanned = false;
  private lastFlush = -Infinity;
  private flushPlanned = false;

  private readonly messages: SharedMessages;

  constructor(private readonly options: FeedOptions) {
    this.messages = new SharedMessages(options.recent, options.epoch, options.now);
  }

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
    this.serveSoon(client);
    return () => {
      this.clients.delete(client);
      this.due.delete(client);
    };
  }

  /** There may be new changes in the ring. Sends at once when quiet, else at the end of the current 50 ms. */
  changed(): void {
    if (this.flushPlanned || this.clients.size === 0) return;
    const wait = this.lastFlush + FLUSH_MS - this.options.now();
    if (wait <= 0) return this.serveAll();
    this.flushPlanned = true;
    this.options.later(wait, () => {
      this.flushPlanned = false;
      this.serveAll();
    });
  }

  sendTotalsToAll(): void {
    for (const client of this.clients) this.sendTotals(client);
  }

  keepAlive(): void {
    for (const client of this.clients) if (!client.sink.writableNeedDrain) client.sink.write(": keep-alive\n\n");
  }

  /** Sends at once all that the clients lack, however long it takes. */
  flush(): void {
    this.serveAll(Infinity);
  }

  private serveAll(forMs?: number): void {
    this.lastFlush = this.options.now();
    this.messages.forget();
    for (const client of this.clients) if (!client.waiting) this.due.add(client);
    this.serveDue(forMs);
  }

  /** Serves one client after the other for `forMs`; the others are served in the next turn of the event loop. */
  private serveDue(forMs = TURN_MS): void {
    const { now, later } = this.options;
    const turnEnds = now() + forMs;
    for (const client of this.due) {
      this.due.delete(client);
      this.serve(client, turnEnds);
      if (now() >= turnEnds) break;
    }
    if (this.due.size === 0) return this.messages.forget();
    const newest = this.options.recent.newestId ?? 0;
    for (const client of this.due) client.replayUntil = newest;
    if (this.turnPlanned) return;
    this.turnPlanned = true;
    later(0, () => {
      this.turnPlanned = false;
      this.serveDue();
    });
  }

  /** Sends what the client lacks, as far as its connection takes it and the time allows. */
  private serve(client: Client, turnEnds: number): void {
    const { recent, now } = this.options;
    while (recent.countAfter(client.at) > 0) {
      if (client.sink.writableNeedDrain) return this.serveAfterDrain(client);
      if (now() >= turnEnds) return void this.due.add(client);
      if (client.at >= client.replayUntil) this.skip(client);
      else this.tellEvicted(client);
      this.sendNext(client, turnEnds);
    }
  }

  private sendNext(client: Client, turnEnds: number): void {
    const { to, bytes } = this.messages.next(client.filter, client.at, turnEnds);
    client.at = to;
    if (bytes !== undefined) client.sink.write(bytes);
  }

  /** Too far behind: go on with the newest. */
  private skip(client: Client): void {
    const { recent } = this.options;
    const behind = recent.countAfter(client.at) + recent.missedAfter(client.at);
    if (behind <= MOST_AT_ONCE) return;
    const missed = Math.max(0, behind - MOST_AT_ONCE);
    client.at = Math.max(recent.newestId! - MOST_AT_ONCE, recent.oldestId! - 1);
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
    client.sink.once("drain", () => {
      client.waiting = false;
      if (this.clients.has(client)) this.serveSoon(client);
    });
  }

  /** Now, unless others wait for their turn already. */
  private serveSoon(client: Client): void {
    this.due.add(client);
    if (!this.turnPlanned) this.serveDue();
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
