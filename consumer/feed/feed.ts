/**
 * `/events`: Server-Sent Events. The feed keeps only a client's place in the ring of recent changes and queues nothing for it.
 * So a client that reads too slowly costs no memory. When it falls too far behind, it skips to the newest changes and is told so.
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
  /** Ends the answer. `done` is called when all of it has been handed to the operating system. */
  end(done: () => void): unknown;
}

/** The shortest time between two rounds of messages. With the most changes in each message, that is 20,000 changes a second. */
const FLUSH_MS = 50;
/** How long clients are served in one turn of the event loop. Serving all may take much longer: wide rows, many clients, text filters. */
const TURN_MS = 10;

interface Client {
  sink: Sink;
  filter: Filter;
  /** Id of the last change this client has had, or skipped. */
  at: number;
  /** Changes up to this id were in the ring when the client connected, or when it had to wait for its turn. None of them is skipped. */
  replayUntil: number;
  sampled: number;
  /** Whether its connection is full. Then it goes on by itself when there is room again. */
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
  /** The last change that the client has; null: it begins with the next one. */
  after: { epoch: string | null; id: number } | null;
}

export class Feed {
  private readonly clients = new Set<Client>();
  /** Clients that wait to be served, in this order. */
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

  /** @returns the function that takes the client away */
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

  /** Call when the ring may have new changes. They are sent at once, or 50 ms after the last round of messages. */
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

  /**
   * Sends what the clients lack, and ends their answers. A client drops what it has not read yet when a connection breaks off in
   * the middle of an answer: a browser and Node's fetch do. A client that does not read is not waited for.
   */
  async end(): Promise<void> {
    this.flush();
    const read = [...this.clients].filter(({ sink }) => !sink.writableNeedDrain);
    await Promise.all(read.map(({ sink }) => new Promise<void>((done) => sink.end(done))));
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

  /** Sends the changes that the client lacks, as far as its connection has room and the time allows. */
  private serve(client: Client, turnEnds: number): void {
    const { recent, now } = this.options;
    while (recent.countAfter(client.at) > 0) {
      if (client.sink.writableNeedDrain) return this.serveAfterDrain(client);
      if (now() >= turnEnds) return void this.due.add(client);
      this.goOn(client);
      this.sendNext(client, turnEnds);
    }
  }

  private sendNext(client: Client, turnEnds: number): void {
    const { to, bytes } = this.messages.next(client.filter, client.at, turnEnds);
    client.at = to;
    if (bytes !== undefined) client.sink.write(bytes);
  }

  /** Has a client go on with what the ring still holds, and with the newest changes where it is too far behind. It is told how many it misses. */
  private goOn(client: Client): void {
    const { recent } = this.options;
    const isReplayed = client.at < client.replayUntil;
    const at = Math.max(client.at, recent.oldestId! - 1, isReplayed ? 0 : recent.newestId! - MOST_AT_ONCE);
    const missed = at - client.at;
    if (missed === 0) return;
    client.at = at;
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

  /** Serves the client now, unless others wait for their turn already. */
  private serveSoon(client: Client): void {
    this.due.add(client);
    if (!this.turnPlanned) this.serveDue();
  }

  private sendTotals(client: Client): void {
    // Counts are sums. A client whose connection is full gets a newer one later, and nothing is lost.
    if (client.sink.writableNeedDrain) return;
    client.sink.write(`event: totals\ndata: ${JSON.stringify(this.options.totals.json(client.sampled))}\n\n`);
  }
}

function sendGap(client: Client, gap: GapJson): void {
  client.sink.write(`event: gap\ndata: ${JSON.stringify(gap)}\n\n`);
}
