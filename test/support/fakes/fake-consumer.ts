/** The consumer without Kafka: its real HTTP server, feed, ring, totals and page. A test feeds it instead of a topic. */
import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleConsumer } from "../../../program/consumer-bundle";
import type {
  ChangeJson,
  DeadLetterJson,
  DeadLettersJson,
  JsonRow,
  Op,
  RowsJson,
  StatusJson,
} from "../../../consumer/api";
import type { Change } from "../../../consumer/change/change-event";
import { Feed } from "../../../consumer/feed/feed";
import { createHttpServer } from "../../../consumer/feed/http/http-server";
import { readPageFiles } from "../../../consumer/feed/http/page-files";
import { BadRequest } from "../../../consumer/feed/http/query";
import { Recent } from "../../../consumer/feed/recent";
import { Totals } from "../../../consumer/feed/totals";

export interface BuiltPage {
  directory: string;
  remove: () => void;
}

/** The page as the program bundles it for the image. */
export async function buildPage(): Promise<BuiltPage> {
  const out = mkdtempSync(join(tmpdir(), "page-"));
  return {
    directory: join(await bundleConsumer("consumer/handler.ts", out), "app", "page"),
    remove: () => rmSync(out, { recursive: true, force: true }),
  };
}

const ALL_UP: StatusJson = {
  database: { state: "up", detail: "postgres:5432 answers" },
  connector: { state: "up", detail: "customer-cdc and its task are running" },
  broker: { state: "up", detail: "kafka:9092 answers" },
  consumer: { state: "up", detail: "consuming" },
};

interface Options {
  pageDirectory: string;
  port?: number;
  epoch?: string;
  /** Number of changes that the ring holds. */
  holds?: number;
}

type Sent = Partial<ChangeJson> & { op: Op };

export class FakeConsumer {
  status: StatusJson = ALL_UP;
  /** The answers of `/rows`, by topic. */
  readonly rows: { [topic: string]: RowsJson } = {};
  /** The answer of `/dead-letters`. */
  readonly letters: DeadLetterJson[] = [];
  /** Paths of the requests, in order. */
  readonly requests: string[] = [];
  sent = 0;
  readonly port: number;

  private constructor(
    private readonly server: Server,
    private readonly recent: Recent,
    private readonly totals: Totals,
    private readonly feed: Feed,
    private readonly ticker: ReturnType<typeof setInterval>,
    readonly options: Options,
  ) {
    this.port = (server.address() as AddressInfo).port;
  }

  static async start(options: Options): Promise<FakeConsumer> {
    const { pageDirectory, port = 0, epoch = Date.now().toString(36), holds = 10_000 } = options;
    const recent = new Recent(holds, 64 << 20);
    const totals = new Totals(epoch);
    const feed = new Feed({
      recent,
      totals,
      epoch,
      later: (ms, callback) => void setTimeout(callback, ms),
      now: () => performance.now(),
    });
    const fake: { current?: FakeConsumer } = {};
    const server = createHttpServer({
      epoch,
      allowedHosts: [],
      recent,
      feed,
      page: readPageFiles(pageDirectory),
      health: () => ({ status: "ok", reason: "consuming", epoch, partitions: [] }),
      status: async () => fake.current?.status ?? ALL_UP,
      metrics: { contentType: "text/plain", text: async () => "" },
      deadLetters: {
        list: async () => listOf(fake.current?.letters ?? []),
        again: async (number) => {
          const letter = fake.current?.letters.find((each) => String(each.number) === number);
          if (letter?.state !== "waiting") throw new BadRequest(`Dead letter ${number} is sent back already.`);
          letter.state = "sent back";
          return { sent: letter.number };
        },
      },
      rows: {
        topics: [`cdctest.${TABLE}`, "cdctest.public.orders"],
        answer: async ({ table }) =>
          JSON.stringify(fake.current?.rows[table] ?? { rows: [], topic: table, whole: true, records: 0 }),
      },
      failed: (path, error) => {
        throw new Error(`${path} failed`, { cause: error });
      },
    });
    server.on("request", (request) => fake.current?.requests.push(request.url ?? ""));
    await new Promise<void>((done, failed) => server.once("error", failed).listen(port, "127.0.0.1", done));
    const ticker = setInterval(() => totals.tick(1000) && feed.sendTotalsToAll(), 1000);
    return (fake.current = new FakeConsumer(server, recent, totals, feed, ticker, options));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Handles changes as if they came from the topic. */
  send(...changes: Sent[]): void {
    for (const change of changes) {
      const id = ++this.sent;
      const whole = complete(change, id);
      const json = JSON.stringify(whole);
      const arrival = { id, lagMs: whole.lagMs, ...(whole.duplicate && { duplicate: whole.duplicate }) };
      // The totals read only table and op of a change.
      this.totals.observer.change(whole as unknown as Change, arrival, json);
      this.recent.add({ op: whole.op, table: whole.table, json });
    }
    this.feed.changed();
  }

  /** Breaks all connections, and still answers new ones. */
  breakConnections(): void {
    this.server.closeAllConnections();
  }

  /** Ends as a killed process does: its connections break. */
  async stop(): Promise<void> {
    clearInterval(this.ticker);
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  /** Starts again on the same port: it holds no changes, and ids begin at 1. */
  async restart(): Promise<FakeConsumer> {
    const { port } = this;
    await this.stop();
    return FakeConsumer.start({ ...this.options, port, epoch: `${Date.now().toString(36)}r` });
  }
}

function listOf(deadLetters: DeadLetterJson[]): DeadLettersJson {
  const waiting = deadLetters.filter(({ state }) => state === "waiting").length;
  return { deadLetters, total: deadLetters.length, waiting };
}

export function deadLetter(number: number, over: Partial<DeadLetterJson> = {}): DeadLetterJson {
  return {
    ...{ number, state: "waiting", failedAs: null, retryOf: null, at: "2026-01-01T12:00:00.000Z" },
    ...{ topic: `cdctest.${TABLE}`, partition: 0, offset: String(40 + number), group: "cdc-consumer" },
    ...{ stage: "handle", error: `cannot handle the row ${number}`, attempts: 5, key: `{"id":${number}}` },
    ...{ value: `{"op":"c","after":{"id":${number}}}`, valueOmitted: false },
    ...over,
  };
}

export const TABLE = "public.customers";

export function customer(id: number, more: JsonRow = {}): JsonRow {
  return { id, first_name: "Ada", last_name: "Lovelace", email: `ada${id}@example.com`, ...more };
}

function complete(change: Sent, id: number): ChangeJson {
  const { op, before = null, after = null, table = TABLE } = change;
  const row = after ?? before;
  return {
    id,
    eventId: `${(0x1a2b000 + id * 56).toString(16).toUpperCase().padStart(16, "0")}-000000000003`,
    table,
    key: row && "id" in row ? { id: row["id"] ?? null } : null,
    before,
    after,
    changed:
      op === "update" && before && after
        ? Object.keys(after).filter((column) => JSON.stringify(before[column]) !== JSON.stringify(after[column]))
        : [],
    lagMs: op === "snapshot" ? null : 5.3,
    committedAt: op === "snapshot" ? null : new Date().toISOString().replace("Z", "000Z"),
    position: { lsn: `0/${(0x1a2b000 + id * 56).toString(16).toUpperCase()}`, txId: 739 + id },
    topic: `cdctest.${table}`,
    partition: 0,
    offset: String(id - 1),
    ...change,
  };
}
