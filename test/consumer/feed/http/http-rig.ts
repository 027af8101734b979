import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type Server, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "@jest/globals";
import type { HealthJson, Op } from "../../../../consumer/api";
import { Feed } from "../../../../consumer/feed/feed";
import { createHttpServer } from "../../../../consumer/feed/http/http-server";
import { readPageFiles } from "../../../../consumer/feed/http/page-files";
import { BadRequest } from "../../../../consumer/feed/http/query";
import { Recent } from "../../../../consumer/feed/recent";
import { Totals } from "../../../../consumer/feed/totals";
import { SseReader } from "../../sse";

export const EPOCH = "k3f9x2";

/** The consumer's HTTP server on a port of its own, made for each test, with parts that a test can read and set. */
export class HttpRig {
  server!: Server;
  origin!: string;
  feed!: Feed;
  /** The answer of `/healthz`. */
  health!: HealthJson;
  /** Errors that routes threw, with their paths. */
  failures!: unknown[];
  private recent!: Recent;
  private pageDirectory!: string;
  private readers!: SseReader[];

  constructor() {
    beforeEach(() => this.start());
    afterEach(() => this.stop());
  }

  private async start(): Promise<void> {
    this.pageDirectory = mkdtempSync(join(tmpdir(), "page-"));
    writeFileSync(join(this.pageDirectory, "index.html"), "<!doctype html><title>feed</title>");
    writeFileSync(join(this.pageDirectory, "page.js"), "void 0");
    writeFileSync(join(this.pageDirectory, "secret.key"), "secret");
    this.readers = [];
    this.failures = [];
    this.recent = new Recent(5, 1 << 20);
    this.feed = new Feed({
      recent: this.recent,
      totals: new Totals(EPOCH),
      epoch: EPOCH,
      later: (ms, callback) => void setTimeout(callback, ms),
      now: () => performance.now(),
    });
    this.health = { status: "ok", reason: "consuming", epoch: EPOCH, partitions: ["t/0"] };
    this.server = createHttpServer({
      epoch: EPOCH,
      allowedHosts: ["cdc-consumer"],
      recent: this.recent,
      feed: this.feed,
      page: readPageFiles(this.pageDirectory),
      health: () => this.health,
      status: () => Promise.reject(new Error("no status")),
      metrics: { contentType: "text/plain; version=0.0.4; charset=utf-8", text: async () => "up 1\n" },
      deadLetters: {
        list: async () => ({ deadLetters: [], total: 3, waiting: 1 }),
        again: async (number) => {
          if (number !== "7") throw new BadRequest(`number is "${number}"`);
          return { sent: 7 };
        },
      },
      rows: { topics: ["p.public.t"], answer: async ({ table, limit }) => JSON.stringify({ table, limit }) },
      failed: (path, error) => this.failures.push([path, error]),
    });
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private async stop(): Promise<void> {
    this.readers.forEach((reader) => reader.close());
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.pageDirectory, { recursive: true });
  }

  /** Adds a handled change. */
  add(id: number, op: Op = "create", table = "public.customers"): void {
    this.recent.add({ op, table, json: JSON.stringify({ id, op, table }) });
    this.feed.changed();
  }

  async listen(path: string, headers = {}): Promise<SseReader> {
    const reader = await SseReader.open(this.origin + path, headers);
    this.readers.push(reader);
    return reader;
  }

  /** Status of a request with a Host header, which fetch does not let one set. */
  statusWith(options: {
    host?: string;
    method?: string;
    path?: string;
    headers?: { [name: string]: string };
  }): Promise<number> {
    const { host, method = "GET", path = "/changes" } = options;
    const headers = { ...options.headers, ...(host !== undefined && { Host: host }) };
    return new Promise((resolve, reject) => {
      const sent = request(this.origin + path, { method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on("error", reject).end();
    });
  }
}
