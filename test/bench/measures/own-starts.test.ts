/** Takes the measures of added tables on a real Postgres. In place of the stack, a fake pipeline hands on a limited number of rows at each look. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Contestant, Endpoints } from "../../../bench/contestants/contestant";
import { initSql } from "../../../bench/contestants/init-sql";
import { measureAddedRows } from "../../../bench/measures/added-rows";
import { Feed } from "../../../bench/measures/instruments/feed";
import { measureManyTables } from "../../../bench/measures/many-tables";
import { QUICK, type Run } from "../../../bench/measures/measure";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";

let postgres: EmbeddedPostgres;
beforeAll(async () => (postgres = await EmbeddedPostgres.start()), 60_000);
afterAll(() => postgres.stop());

/** A contestant whose `up` captures the tables of the last `capture`, with its consumer. */
class Pretended implements Contestant {
  readonly name = "ours";
  readonly label = "x";
  readonly connectorName = "x";
  readonly calls: string[] = [];
  /** Number of the `up` that fails. */
  failsAt: number | undefined;
  private wanted: string[] = [];
  private captured: string[] = [];
  private readonly handled = new Map<string, number>();
  private readonly server: Server = createServer((_request, response) => {
    void this.look().then((total) => response.end(JSON.stringify({ changes: [], total, newestId: total })));
  });

  async prepare(tables: string[]): Promise<Endpoints> {
    await postgres.query(initSql(tables, "full"));
    this.wanted = tables;
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    const { port } = this.server.address() as AddressInfo;
    const databaseUrl = `postgres://super:super@127.0.0.1:${postgres.port}/postgres`;
    return { databaseUrl, feedUrl: `http://127.0.0.1:${port}`, connectUrl: "" };
  }

  async up(): Promise<void> {
    this.calls.push(`up ${this.wanted.join(" ")}`);
    if (this.calls.length === this.failsAt) throw new Error("not up");
    const rows = await postgres.query<{ name: string }>(
      "select schemaname || '.' || tablename as name from pg_tables where schemaname in ('public', 'many')",
    );
    const stand = (pattern: string, name: string): boolean =>
      pattern.endsWith(".*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
    this.captured = rows.map(({ name }) => name).filter((name) => this.wanted.some((pattern) => stand(pattern, name)));
  }

  noop(): Promise<void> {
    this.calls.push("noop");
    return Promise.resolve();
  }

  capture(tables: string[]): Promise<void> {
    this.wanted = tables;
    return Promise.resolve();
  }

  down = (): Promise<void> => Promise.resolve();
  connectToken = (): Promise<undefined> => Promise.resolve(undefined);

  async remove(): Promise<void> {
    this.calls.push("remove");
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async look(): Promise<number> {
    const counts = this.captured.map((name) => `select '${name}' as name, count(*)::int as rows from ${name}`);
    const found = counts.length === 0 ? [] : await postgres.query<Count>(counts.join(" union all "));
    for (const { name, rows } of found) {
      const before = this.handled.get(name) ?? 0;
      this.handled.set(name, Math.min(rows, before + 400));
    }
    return [...this.handled.values()].reduce((sum, rows) => sum + rows, 0);
  }
}

interface Count {
  name: string;
  rows: number;
}

describe("on a stack that runs", () => {
  let contestant: Pretended;
  let recorded: Record<string, number>;
  beforeEach(() => {
    contestant = new Pretended();
    recorded = {};
  });
  afterEach(() => postgres.query("drop schema if exists many, public cascade; create schema public"));

  async function prepare(tables: string[]): Promise<Run> {
    const endpoints = await contestant.prepare(tables);
    const { signal } = new AbortController();
    return {
      ...{ contestant, endpoints, signal, feed: new Feed(endpoints.feedUrl, signal), say: () => undefined },
      durations: { ...QUICK, addedRows: 2000 },
      record: (figure, value) => (recorded[figure] = value),
    };
  }

  test("300 tables are added, looked at, joined by one more, and taken away", async () => {
    await measureManyTables(contestant, prepare);
    expect(Object.keys(recorded)).toEqual(["tables-300-add", "tables-300-noop", "tables-301st", "tables-300-away"]);
    const [one, all] = ["up public.customers", "up public.customers many.*"];
    expect(contestant.calls).toEqual([one, all, "noop", all, one, "remove"]);
  });

  test.each([measureAddedRows, measureManyTables])(
    "a command that fails ends the measure, and the stack goes",
    async (measure) => {
      contestant.failsAt = 2;
      await expect(measure(contestant, prepare)).rejects.toThrow("not up");
      expect(recorded).toEqual({});
      expect(contestant.calls.at(-1)).toBe("remove");
    },
  );

  test("rows of an added table are counted from the first that came to the last", async () => {
    await measureAddedRows(contestant, prepare);
    // The 1,600 rows after the first 400 take four looks, with pauses of 50 ms between them.
    expect(recorded["added-rows"]).toBeGreaterThan(100);
    expect(recorded["added-rows"]).toBeLessThan(1600 / 0.15);
    expect(contestant.calls.at(-1)).toBe("remove");
  });
});
