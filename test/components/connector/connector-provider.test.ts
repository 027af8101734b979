import { describe, expect, test } from "@jest/globals";
import type { ConnectorInputs } from "../../../components/connector/connector-types";
import { POSTGRES, type FakeConnect } from "../../support/fakes/fake-connect";
import { connect, created, inputs, live, NAME, provider, said, useFakeConnect } from "./setting";

const { create, update, delete: remove } = provider;
useFakeConnect();

describe("create", () => {
  test("registers the config as strings and answers when the task runs", async () => {
    const { id, outs } = await create(inputs());
    expect(id).toBe(NAME);
    expect(live()?.config).toEqual({ ...stringsOf(inputs()), name: NAME });
    expect(outs).toMatchObject({
      state: "RUNNING",
      tasks: [{ id: 0, state: "RUNNING" }],
      pluginVersion: "3.7.0.Final",
    });
  });

  test.each([
    ["a rebalance", (fake: FakeConnect) => (fake.rebalances = 3)],
    ["a server without routes", (fake: FakeConnect) => (fake.bare = 2)],
    ["a worker that is starting", (fake: FakeConnect) => (fake.timeouts = 2)],
    ["a lost answer to the POST", (fake: FakeConnect) => (fake.swallowed = 1)],
  ])("goes on through %s", async (_what, arrange) => {
    arrange(connect);
    await create(inputs());
    expect(live()?.config["max.batch.size"]).toBe("8192");
  });

  test("waits for a Connect that comes up late", async () => {
    await connect.vanish();
    setTimeout(() => void connect.comeBack(), 600);
    await create(inputs());
    expect(live()?.state).toBe("RUNNING");
  });

  test("has the config checked while the worker joins its group, and once", async () => {
    connect.joining = true;
    await create(inputs());
    expect(connect.requests.filter((line) => line.endsWith("/validate"))).toHaveLength(1);
  });

  test.each(["PAUSED", "STOPPED"] as const)("starts it %s, never RUNNING first", async (state) => {
    await create(inputs({ state }));
    expect(live()?.state).toBe(state);
    expect(connect.writes).toEqual(["POST /connectors"]);
  });

  test("takes over a connector made by hand", async () => {
    connect.add(NAME, { "connector.class": POSTGRES, "max.batch.size": "1" });
    await create(inputs());
    expect(live()?.config["max.batch.size"]).toBe("8192");
  });

  test("names the root cause of a failed task and keeps what exists in the state", async () => {
    connect.failWith = [
      "org.apache.kafka.connect.errors.ConnectException: An exception occurred",
      "\tat io.debezium.Somewhere.run(Somewhere.java:1)",
      "Caused by: org.postgresql.util.PSQLException: ERROR: logical decoding requires wal_level >= logical",
      "\tat org.postgresql.Elsewhere.go(Elsewhere.java:2)",
    ].join("\n");
    const error = await create(inputs()).catch((e: unknown) => e);
    expect((error as Error).message).toBe(
      "Connector customer-cdc: task 0 FAILED. PSQLException: ERROR: logical decoding requires wal_level >= logical. " +
        "Start Postgres with wal_level=logical (ALTER SYSTEM SET wal_level = logical, then a restart of the server).",
    );
    expect(error).toMatchObject({ id: NAME, properties: { connectorName: NAME, state: "FAILED" } });
    expect((error as { reasons: string[] }).reasons[0]).toContain("wal_level");
  });

  test("a field that Connect refuses ends it before anything is created", async () => {
    connect.invalid = { "max.batch.size": { errors: ["Value must be positive"] } };
    const error = await create(inputs()).catch((e: unknown) => e);
    expect((error as Error).message).toContain(
      'config["max.batch.size"]: Value must be positive. The value is "8192".',
    );
    expect(error).not.toHaveProperty("id");
    expect(connect.writes).toEqual([]);
  });

  test("says what it saw last when the deadline passes", async () => {
    connect.lag = 1e9;
    const error = await create(inputs({ readyTimeoutSeconds: 1 })).catch((e: unknown) => e);
    expect((error as Error).message).toMatch(
      /Waited .* for connector customer-cdc to be RUNNING. Last seen: connector RUNNING, no task/,
    );
    expect(error).toMatchObject({ id: NAME });
  });

  test("says who did not answer", async () => {
    await connect.vanish();
    const failure = create(inputs({ readyTimeoutSeconds: 0.5 }));
    await expect(failure).rejects.toThrow(new RegExp(`Kafka Connect at ${connect.url}.*ECONNREFUSED`));
  });
});

describe("update", () => {
  test("puts the new config; a key no longer declared goes", async () => {
    const olds = await created();
    const config = { "connector.class": POSTGRES, "snapshot.mode": "initial_only", "poll.interval.ms": 5 };
    await update(NAME, olds, inputs({ config }));
    expect(live()?.config).toEqual({ ...stringsOf(inputs({ config })), name: NAME });
  });

  test("leaves Connect alone when only an option of ours changed", async () => {
    const olds = await created();
    await update(NAME, olds, inputs({ keepOffsets: true }));
    expect(connect.writes).toEqual([]);
  });

  test("creates again what was deleted by hand", async () => {
    const olds = await created();
    connect.connectors.clear();
    await update(NAME, olds, inputs());
    expect(live()?.state).toBe("RUNNING");
  });

  test("restarts what failed, and is not fooled by the old failure", async () => {
    const olds = await created();
    live()!.failure = "java.lang.RuntimeException: killed";
    const { outs } = await update(NAME, olds, inputs({ drift: { seen: "now", found: ["task 0 FAILED"] } }));
    expect(connect.writes).toEqual([`POST /connectors/${NAME}/restart?includeTasks=true&onlyFailed=true`]);
    expect(outs).toMatchObject({ state: "RUNNING" });
  });

  test("a changed config starts what failed: no restart on top ends the snapshot that this begins", async () => {
    const olds = await created();
    live()!.failure = "io.debezium.DebeziumException: no longer available on the server";
    await update(NAME, olds, inputs({ config: { ...inputs().config, "max.batch.size": 1024 } }));
    expect(connect.writes).toEqual([`PUT /connectors/${NAME}/config`]);
  });

  test("begins again with another topic.prefix: earlier offsets with it would skip what is missing there", async () => {
    const config = (prefix: string) => ({ ...inputs().config, "topic.prefix": prefix });
    const olds = await created({ config: config("shop") });
    live()!.offsets = [{ partition: { server: "store" }, offset: { lsn: 1 } }];
    await update(NAME, olds, inputs({ config: config("store") }));
    expect(connect.writes).toEqual([
      `PUT /connectors/${NAME}/stop`,
      `DELETE /connectors/${NAME}/offsets`,
      `PUT /connectors/${NAME}/config`,
      `PUT /connectors/${NAME}/resume`,
    ]);
    expect(live()).toMatchObject({ offsets: [], state: "RUNNING" });
  });

  test("resumes what was paused by hand", async () => {
    const olds = await created();
    live()!.state = "PAUSED";
    await update(NAME, olds, inputs());
    expect(connect.writes).toEqual([`PUT /connectors/${NAME}/resume`]);
  });

  test("waits until another worker has started and runs its tasks, and changes nothing there", async () => {
    const olds = await created({ worker: "one" });
    connect.bare = 3;
    live()!.lag = 2;
    const { outs } = await update(NAME, olds, inputs({ worker: "two" }));
    expect(outs).toMatchObject({ state: "RUNNING", tasks: [{ id: 0, state: "RUNNING" }], worker: "two" });
    expect({ bare: connect.bare, lag: live()!.lag }).toEqual({ bare: 0, lag: 0 });
    expect(connect.writes).toEqual([]);
  });

  test("restarts everything when a secret has changed", async () => {
    const olds = await created({ secretsVersion: "one" });
    await update(NAME, olds, inputs({ secretsVersion: "two" }));
    expect(connect.writes).toEqual([`POST /connectors/${NAME}/restart?includeTasks=true&onlyFailed=false`]);
  });
});

describe("delete", () => {
  test("stops, forgets the offsets, deletes", async () => {
    const outs = await created();
    await remove(NAME, outs);
    const path = `/connectors/${NAME}`;
    expect(connect.writes).toEqual([`PUT ${path}/stop`, `DELETE ${path}/offsets`, `DELETE ${path}`]);
    expect(live()).toBeUndefined();
  });

  test("keeps the offsets when asked to", async () => {
    await remove(NAME, await created({ keepOffsets: true }));
    expect(connect.writes.join()).not.toContain("offsets");
  });

  test.each(["RUNNING", "PAUSED", "STOPPED"])(
    "lets Debezium drop its slot when there is no database to ask, by a task that was started for that (%s)",
    async (state) => {
      const outs = await created({ keepSlot: false });
      live()!.state = state;
      await remove(NAME, outs);
      const path = `/connectors/${NAME}`;
      expect(connect.writes.slice(0, 4)).toEqual([
        `PUT ${path}/stop`,
        `PUT ${path}/config`,
        `PUT ${path}/resume`,
        `PUT ${path}/stop`,
      ]);
      expect(said).toEqual([]);
    },
  );

  test("says that the slot may be left where the connector does not start for that", async () => {
    const outs = await created({ keepSlot: false });
    connect.failWith = "boom";
    await remove(NAME, outs);
    expect(said).toEqual([expect.stringContaining("SELECT pg_drop_replication_slot('debezium')")]);
    expect(live()).toBeUndefined();
  });

  test("already gone is success", async () => {
    const outs = await created();
    connect.connectors.clear();
    await remove(NAME, outs);
    expect(connect.writes).toEqual([]);
  });

  test("a worker of the stack's own that is gone ends it soon", async () => {
    const outs = await created({ deleteTimeoutSeconds: 60, worker: "a" });
    await connect.vanish();
    const start = Date.now();
    await remove(NAME, outs);
    expect(Date.now() - start).toBeLessThan(8000);
    expect(said).toEqual([expect.stringContaining(`curl -X DELETE ${outs.connectUrl}/connectors/${NAME}`)]);
  });

  test("a rebalance does not end it", async () => {
    const outs = await created();
    connect.rebalances = 3;
    await remove(NAME, outs);
    expect(live()).toBeUndefined();
  });
});

function stringsOf({ config }: ConnectorInputs): Record<string, string> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)]));
}
