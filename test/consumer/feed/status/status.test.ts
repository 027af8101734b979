import { createServer } from "node:http";
import { type AddressInfo, type Server, createServer as createTcpServer } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { fetchConnectorStatus, probeKafka, probePostgres } from "../../../../consumer/feed/status/probes";
import { type StatusOptions, createStatus, describeConnector } from "../../../../consumer/feed/status/status";

const task = (state: string, trace?: string) => ({ id: 0, state, ...(trace && { trace }) });
const RUNNING = { connector: { state: "RUNNING" }, tasks: [task("RUNNING")] };

describe("the connector", () => {
  const TRACE =
    "org.apache.kafka.connect.errors.ConnectException: outer\n\tat x\nCaused by: A: middle\n\tat y\nCaused by: B: slot gone\n\tat z";
  test.each([
    [RUNNING, "up", "c and its task are running"],
    [null, "down", "Kafka Connect has no connector c"],
    [{ ...RUNNING, tasks: [] }, "warning", "c is starting: no task yet"],
    [{ ...RUNNING, tasks: [task("UNASSIGNED")] }, "warning", "c: task 0 is UNASSIGNED"],
    [{ ...RUNNING, connector: { state: "PAUSED" } }, "warning", "c is PAUSED"],
    [{ ...RUNNING, tasks: [task("FAILED", TRACE)] }, "down", "c failed: B: slot gone."],
    [{ ...RUNNING, tasks: [task("FAILED", "Only: one line\n\tat x")] }, "down", "c failed: Only: one line."],
    [
      { ...RUNNING, tasks: [task("FAILED", "X: replication slot d does not exist")] },
      "down",
      "c failed: X: replication slot d does not exist. The slot no longer reaches back to the connector's offset, so changes " +
        "are lost. Set snapshot.mode=when_needed: it reads all rows again.",
    ],
    [{ ...RUNNING, tasks: [task("FAILED")] }, "down", "c failed: no reason given."],
  ])("%j is %s", (status, state, detail) => {
    expect(describeConnector("c", status)).toEqual({ state, detail });
  });
});

describe("the strip", () => {
  const options = (over: Partial<StatusOptions>): StatusOptions => ({
    postgres: () => Promise.resolve(),
    broker: () => Promise.resolve(),
    connectorStatus: () => Promise.resolve(RUNNING),
    postgresAddress: "postgres:5432",
    connectUrl: "http://connect:8083",
    connectorName: "c",
    brokers: ["kafka:9092"],
    captureWarnings: () => [],
    losses: () => [],
    consumer: () => ({ state: "up", detail: "reading" }),
    failing: () => null,
    group: null,
    now: () => 0,
    ...over,
  });

  test("a handler whose attempts fail is a warning, with why; a consumer that is down is down", async () => {
    const failing = () => "p.t/0 offset 7: the handler failed";
    expect((await createStatus(options({ failing }))()).consumer).toEqual({ state: "warning", detail: failing() });
    const consumer = () => ({ state: "down", detail: "it joins" }) as const;
    expect((await createStatus(options({ failing, consumer }))()).consumer).toEqual(consumer());
  });

  test("all up", async () => {
    expect(await createStatus(options({}))()).toEqual({
      database: { state: "up", detail: "postgres:5432 answers" },
      connector: { state: "up", detail: "c and its task are running" },
      broker: { state: "up", detail: "kafka:9092 answers" },
      consumer: { state: "up", detail: "reading" },
    });
  });

  test("of several consumers, which this is and where the others are", async () => {
    const group = { number: 2, pages: ["http://localhost:8088", "http://localhost:8089"] };
    expect(await createStatus(options({ group }))()).toMatchObject({ group });
  });

  test("a loss is reported in place of a connector that runs", async () => {
    const losses = () => ["replication slot s was dropped: 12 bytes"];
    expect((await createStatus(options({ losses }))()).connector).toEqual({
      state: "down",
      detail: "replication slot s was dropped: 12 bytes",
    });
  });

  test("a table that is no longer what was captured is a warning of the database", async () => {
    const captureWarnings = () => ["public.a was dropped", "public.b was dropped"];
    expect((await createStatus(options({ captureWarnings }))()).database).toEqual({
      state: "warning",
      detail: "public.a was dropped; public.b was dropped",
    });
    const postgres = () => Promise.reject(new Error("refused"));
    expect((await createStatus(options({ captureWarnings, postgres }))()).database.state).toBe("down");
  });

  test("what does not answer is down, and why", async () => {
    const refuse = () => Promise.reject(new Error("refused"));
    expect(await createStatus(options({ postgres: refuse, broker: refuse, connectorStatus: refuse }))()).toMatchObject({
      database: { state: "down", detail: "postgres:5432: refused" },
      connector: { state: "down", detail: "http://connect:8083 does not answer: refused" },
      broker: { state: "down", detail: "kafka:9092: refused" },
    });
  });

  test("the state of parts that are not configured is unknown", async () => {
    const status = await createStatus(options({ postgresAddress: null, connectUrl: null }))();
    expect([status.database.state, status.connector.state]).toEqual(["unknown", "unknown"]);
  });

  test("one broker of several is enough", async () => {
    const broker = (address: string) => (address === "b:1" ? Promise.resolve() : Promise.reject(new Error("refused")));
    const status = await createStatus(options({ broker, brokers: ["a:1", "b:1"] }))();
    expect(status.broker).toEqual({ state: "up", detail: "b:1 answers" });
  });

  test("however many requests come, the parts are asked once a second", async () => {
    let asked = 0;
    let time = 0;
    const status = createStatus(
      options({
        now: () => time,
        connectorStatus: () => {
          asked++;
          return Promise.resolve(RUNNING);
        },
      }),
    );
    await Promise.all([status(), status(), status()]);
    time = 999;
    await status();
    expect(asked).toBe(1);
    time = 1000;
    await status();
    expect(asked).toBe(2);
  });
});

describe("the question to Kafka Connect", () => {
  test("asks what is really there", async () => {
    const server = createServer((request, response) => {
      const found = request.url === "/connectors/my%20name/status";
      response.writeHead(found ? 200 : request.url === "/connectors/broken/status" ? 500 : 404);
      response.end(JSON.stringify(RUNNING));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await fetchConnectorStatus(`http://${address}/`, "my name")).toEqual(RUNNING);
    expect(await fetchConnectorStatus(`http://${address}`, "other")).toBeNull();
    await expect(fetchConnectorStatus(`http://${address}`, "broken")).rejects.toThrow("answered 500");
    // With several workers, one that is down is skipped.
    expect(await fetchConnectorStatus(`http://127.0.0.1:1,http://${address}`, "my name")).toEqual(RUNNING);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(probeKafka(address)).rejects.toThrow("ECONNREFUSED");
    await expect(fetchConnectorStatus(`http://${address}`, "x")).rejects.toThrow("ECONNREFUSED");
  });
});

/** A server that answers each request with these bytes; undefined: not at all. */
async function answering(
  answer: (request: Buffer) => Buffer | undefined,
): Promise<{ address: string; server: Server }> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (request) => {
      const bytes = answer(request);
      if (bytes !== undefined) socket.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

const refusal = (code: string, message: string) => {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.from("E....");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
};

describe("Postgres", () => {
  test.each([
    ["is up when it asks for a password", Buffer.from("R\0\0\0\x08\0\0\0\x05", "latin1"), undefined],
    ["is up when it wants others only", refusal("28000", "no pg_hba.conf entry"), undefined],
    [
      "is not while it starts",
      refusal("57P03", "the database system is starting up"),
      "the database system is starting up",
    ],
    ["is not when it is full", refusal("53300", "sorry, too many clients already"), "sorry, too many clients already"],
    ["is not when it says nothing", undefined, "no answer in 1000 ms"],
  ])("%s", async (_what, answer, reason) => {
    const { address, server } = await answering(() => answer);
    try {
      const asked = probePostgres(address);
      await (reason === undefined ? asked : expect(asked).rejects.toThrow(reason));
    } finally {
      server.close();
    }
  });
});

test("a broker is up when it answers a request, not when its port is open", async () => {
  const requests: string[] = [];
  const working = await answering((request) => {
    requests.push(request.toString("hex"));
    return Buffer.from([0, 0, 0, 10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  });
  const hanging = await answering(() => undefined);
  await probeKafka(working.address);
  await expect(probeKafka(hanging.address)).rejects.toThrow("no answer in 1000 ms");
  expect(requests).toEqual(["0000000a00120000000000" + "01ffff"]);
  working.server.close();
  hanging.server.close();
  await expect(probeKafka(working.address)).rejects.toThrow("ECONNREFUSED");
});
