import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { Client, DatabaseError } from "pg";
import { endedBy } from "../../../commands/processes/signals";
import { demo } from "../../../commands/start/demo";
import type { StackOutputs } from "../../../commands/stack/stack-outputs";

/** The connector's config. */
let config: Record<string, unknown> = {};
jest.mock("../../../commands/start/applied-config", () => ({ appliedConfig: () => Promise.resolve(config) }));

/** A port on which nothing listens. */
let port: number;

beforeEach(async () => {
  config = {};
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
  await new Promise((resolve) => server.close(resolve));
});
afterEach(() => {
  jest.restoreAllMocks();
});

function outputs(): StackOutputs {
  return {
    connectUrl: "",
    connectToken: "",
    bootstrapServers: "",
    databaseUrl: `postgres://cdctest:wort%20los@127.0.0.1:${port}/cdctest`,
    topics: ["cdctest.public.customers"],
    connectorState: "RUNNING",
    feedUrl: `http://127.0.0.1:${port}`,
  };
}

/** A database whose sessions answer each statement so. @returns the statements, and the calls that let a session go */
function answering(rowsOf: (sql: string) => object[]) {
  const queries: string[] = [];
  // The types declare calls with a callback and with a promise. The demo uses the promise.
  const stub = (method: "connect" | "query" | "end", answer: (sql: string) => unknown) =>
    jest.spyOn(Client.prototype, method).mockImplementation((async (sql: string) => answer(sql)) as never);
  stub("connect", () => undefined);
  stub("query", (sql) => {
    queries.push(sql);
    return { rows: rowsOf(sql) };
  });
  return { queries, end: stub("end", () => undefined) };
}

const FITTING = ["id", "first_name", "last_name", "email"].map((name) => ({ name, type: "text", fits: true }));
const REMEDY = "`npm run doctor` says why, and what mends it.";

test("a database that does not answer is named, with what to do and without its password", async () => {
  const { message } = (await demo(outputs()).catch((error: Error) => error as Error)) as Error;
  expect(message).toContain(`Postgres does not answer at 127.0.0.1:${port} (cdc:postgresPort): connect ECONNREFUSED`);
  expect(message).toContain(REMEDY);
  expect(message).not.toMatch(/wort/);
});

test("a consumer that does not answer is named, with what to do; the database is let go", async () => {
  const { end } = answering(() => FITTING);
  const { message } = (await demo(outputs(), 300).catch((error: Error) => error as Error)) as Error;
  expect(message).toContain(`The consumer does not answer at http://127.0.0.1:${port} (cdc:consumerPort): connect`);
  expect(message).toContain(REMEDY);
  expect(end).toHaveBeenCalledTimes(1);
});

test("a consumer whose container was made a moment ago closes the connection, and is asked again", async () => {
  answering(() => FITTING);
  let calls = 0;
  const server = createServer((socket) => {
    calls++;
    // As the engine's proxy does while nothing listens in the container.
    if (calls < 3) socket.destroy();
    else socket.end("HTTP/1.1 418 It answers\r\nContent-Length: 0\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await expect(demo(outputs())).rejects.toThrow("418");
  expect(calls).toBe(3);
  server.close();
});

test.each([
  ["another table", { topics: ["cdctest.public.orders"] }, FITTING, "public.customers is not one of cdc:tables"],
  ["a table that lacks a column", {}, FITTING.slice(0, 3), "public.customers has no column email"],
  [
    "a column that must be given",
    {},
    [...FITTING, { name: "tenant", type: "uuid", fits: false }],
    "column tenant (uuid) of public.customers is not one it can fill",
  ],
])("%s: says why the demo is left out, and writes nothing", async (_what, other, rows, why) => {
  const { queries } = answering(() => rows);
  expect(await demo({ ...outputs(), ...other })).toBe(why);
  for (const sql of queries) expect(sql).toMatch(/^select /);
});

test.each([
  [{ "snapshot.mode": "initial_only" }, /^with cdc:snapshotMode initial_only the connector reads rows once, and no/],
  [{ "skipped.operations": "t, d" }, /^the connector skips operations .*\(skipped\.operations: d\)$/],
])("%j, with which no change of the demo can come: it is left out, and writes nothing", async (given, why) => {
  config = given;
  const { queries } = answering(() => FITTING);
  expect(await demo(outputs())).toMatch(why);
  expect(queries).toEqual([]);
});

/** A consumer that has got other changes before, and none since. */
async function silentConsumer(): Promise<ReturnType<typeof createHttpServer>> {
  const consumer = createHttpServer((_request, response) => response.end('{"changes":[],"newestId":3}'));
  await new Promise<void>((resolve) => consumer.listen(port, "127.0.0.1", resolve));
  return consumer;
}

test("a change that the connector's transforms may drop, and that does not come, is no failure", async () => {
  config = { transforms: "drop", "transforms.drop.type": "org.apache.kafka.connect.transforms.Filter" };
  answering((sql) => (sql.startsWith("insert") ? [{ id: "7" }] : FITTING));
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  const consumer = await silentConsumer();
  expect(await demo(outputs(), 300, 300)).toMatch(/^no change of its row came within 0.3 s, .*transforms \(drop\)/);
  consumer.close();
});

describe("somebody has a lock on the table", () => {
  const locked = Object.assign(new DatabaseError("canceling statement due to lock timeout", 0, "error"), {
    code: "55P03",
  });
  const refusing = (refused: RegExp) =>
    answering((sql) => {
      if (refused.test(sql)) throw locked;
      return sql.startsWith("insert") ? [{ id: "7" }] : FITTING;
    });
  let consumer: ReturnType<typeof createHttpServer>;
  beforeEach(async () => {
    jest.spyOn(console, "log").mockImplementation(() => undefined);
    consumer = await silentConsumer();
  });
  afterEach(() => void consumer.close());

  test("the demo is left out after a while, and says so", async () => {
    const { end } = refusing(/^insert/);
    expect(await demo(outputs(), 300, 300, 300)).toMatch(/^public\.customers was locked for 0\.3 s: /);
    expect(end).toHaveBeenCalledTimes(2);
  });

  test("its sessions wait for no lock, statement, answer or standby without end", async () => {
    refusing(/^insert/);
    await demo(outputs(), 300, 300, 300);
    const sessions = jest.mocked(Client.prototype.connect).mock.contexts as unknown as {
      connectionParameters: Record<string, unknown>;
    }[];
    for (const { connectionParameters } of sessions)
      expect(connectionParameters).toMatchObject({
        ...{ statement_timeout: 10_000, options: "-c synchronous_commit=local" },
      });
  });

  test("Ctrl-C ends the wait", async () => {
    refusing(/^insert/);
    setTimeout(() => process.emit("SIGINT", "SIGINT"), 100);
    await expect(demo(outputs(), 300, 300, 60_000)).rejects.toThrow("Ended by SIGINT");
  });

  test("rows that cannot be taken away again are named, and what ended the demo too", async () => {
    const said = jest.spyOn(console, "error").mockImplementation(() => undefined);
    refusing(/^delete/);
    await expect(demo(outputs(), 300, 300, 300)).rejects.toThrow(/^Waited/);
    expect(said.mock.calls.flat()).toEqual([
      expect.stringMatching(/^Rows of the demo stay in public\.customers, with id 7: public\.customers was locked for/),
    ]);
  });
});

test("Ctrl-C ends it before its time, and its rows are taken away all the same", async () => {
  const { queries } = answering((sql) => {
    if (sql.startsWith("insert")) setImmediate(() => process.emit("SIGINT", "SIGINT"));
    return sql.startsWith("insert") ? [{ id: "7" }] : FITTING;
  });
  const consumer = createHttpServer((_request, response) => response.end('{"changes":[],"newestId":3}'));
  await new Promise<void>((resolve) => consumer.listen(port, "127.0.0.1", resolve));
  try {
    await expect(demo(outputs())).rejects.toThrow("Ended by SIGINT; the demo's rows are taken away again.");
  } finally {
    consumer.close();
  }
  expect(queries.at(-1)).toBe("delete from public.customers where id = any($1)");
  expect(endedBy()).toBe("SIGINT");
  expect(process.listenerCount("SIGINT")).toBe(0);
});

test.each([
  [
    "busy with other changes: the demo is left out, which is no failure",
    2,
    /^the consumer still handles other changes/,
  ],
  [
    "that gets nothing: that is a failure, with what finds its cause",
    0,
    /^Waited .*`npm run doctor` says what holds it up/,
  ],
])("a consumer %s", async (_what, more, said) => {
  const { queries } = answering((sql) => (sql.startsWith("insert") ? [{ id: "7" }] : FITTING));
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  let newestId = 3;
  const consumer = createHttpServer((_request, response) =>
    response.end(JSON.stringify({ changes: [], newestId: (newestId += more) })),
  );
  await new Promise<void>((resolve) => consumer.listen(port, "127.0.0.1", resolve));
  const ended = await demo(outputs(), 300, 300).catch((error: Error) => error);
  consumer.close();
  expect(ended instanceof Error).toBe(more === 0);
  expect(ended instanceof Error ? ended.message : ended).toMatch(said);
  expect(queries.at(-1)).toBe("delete from public.customers where id = any($1)");
});

test("a change is found by the row's id where its key is of other columns", async () => {
  answering((sql) => (sql.startsWith("insert") ? [{ id: "7" }] : FITTING));
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  const change = { id: 4, op: "create", table: "public.customers", key: { email: "a" }, changed: [], lagMs: 1 };
  const more = { before: null, after: { id: "7" }, committedAt: "2026-01-01T00:00:00.000000Z" };
  const consumer = createHttpServer((request, response) => {
    const changes = request.url!.includes("after=3") ? [{ ...change, ...more }] : [];
    response.end(JSON.stringify({ changes, newestId: 3 }));
  });
  await new Promise<void>((resolve) => consumer.listen(port, "127.0.0.1", resolve));
  // The second row has the same id here, and its change has passed.
  await expect(demo(outputs(), 300, 300)).rejects.toThrow(/^Waited/);
  expect(jest.mocked(console.log).mock.calls.flat().join("\n")).toContain("insert into public.customers");
  consumer.close();
});

test("of several consumers each is asked for the changes of its own partitions", async () => {
  const rows = ["7", "8"];
  const wrote: string[] = [];
  answering((sql) => {
    if (/^(insert|update|delete .* = \$1)/.test(sql)) wrote.push(sql);
    return sql.startsWith("insert") ? [{ id: rows[wrote.length - 1] }] : FITTING;
  });
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  // Row 7 is in the second consumer's partition, row 8 in the first one's. The ids of both count from 1 on.
  const OPS = ["create", "create", "update", "delete"];
  const ROWS = ["7", "8", "7", "8"];
  const change = (at: number) => ({
    ...{ id: 11 + at, op: OPS[at], table: "public.customers", key: { id: ROWS[at] }, changed: [], lagMs: 1 },
    ...{ before: { id: ROWS[at] }, after: { id: ROWS[at] }, committedAt: "2026-01-01T00:00:00.000000Z" },
  });
  const pages: string[] = [];
  const servers = ["8", "7"].map((own, index) =>
    createHttpServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, "http://localhost");
      const after = Number(searchParams.get("after") ?? 0);
      const changes = wrote.map((_sql, at) => change(at)).filter(({ id, key }) => key.id === own && id > after);
      const status = { group: { number: index + 1, pages } };
      response.end(JSON.stringify(pathname === "/status" ? status : { changes, newestId: 10 }));
    }),
  );
  for (const [index, server] of servers.entries()) {
    await new Promise<void>((resolve) => server.listen(index === 0 ? port : 0, "127.0.0.1", resolve));
    pages.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }
  try {
    expect(await demo(outputs())).toBeNull();
  } finally {
    for (const server of servers) server.close();
  }
  expect(wrote).toHaveLength(4);
});
