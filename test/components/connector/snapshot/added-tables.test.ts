import { describe, expect, test } from "@jest/globals";
import { tablesToRead, unreadableTables } from "../../../../components/connector/snapshot/added-tables";
import { includeList } from "../../../../components/connector/config/postgres-source";
import type { ConnectorOutputs } from "../../../../components/connector/connector-types";
import { POSTGRES } from "../../../support/fakes/fake-connect";
import { connect, created, inputs, live, NAME, provider, said, useFakeConnect } from "../setting";

/** A database and a broker that do not answer. */
const NOBODY = {
  database: { host: "127.0.0.1", port: 1, database: "a", user: "b", password: "c" },
  bootstrapServers: "127.0.0.1:1",
};

const tables = (...names: string[]) => ({ "table.include.list": includeList(names) });

test("a table cannot be added where the connector reads its tables once, and no log", () => {
  const once = { "snapshot.mode": "initial_only" };
  const olds = { config: { ...tables("public.a"), ...once } };
  const news = { config: { ...tables("public.a", "public.b"), ...once } };
  expect(unreadableTables(olds, news)).toMatch(
    /^with snapshot\.mode initial_only .* not the rows of public\.b\. Set it back; or take another connectorName/,
  );
  expect(unreadableTables(olds, olds)).toBeUndefined();
  expect(unreadableTables(undefined, news)).toBeUndefined();
  expect(unreadableTables(olds, { config: tables("public.a", "public.b") })).toBeUndefined();
});

describe("tables to read", () => {
  test("are those that came to the connector", () => {
    const olds = { config: tables("public.a", "public.b") };
    expect(tablesToRead(olds, { config: tables("public.d", "public.b", "public.c") })).toEqual([
      "public.c",
      "public.d",
    ]);
    // Inputs of 0.1.0: tables that were captured are not read again.
    expect(tablesToRead({ config: { "table.include.list": "public.a" } }, { config: tables("public.a") })).toEqual([]);
  });

  test("a new connector reads all tables in its snapshot, and one with no_data none", () => {
    expect(tablesToRead(undefined, { config: tables("public.a") })).toEqual([]);
    const config = { ...tables("public.a", "public.b"), "snapshot.mode": "no_data" };
    expect(tablesToRead({ config: tables("public.a") }, { config })).toEqual([]);
  });

  test("are those that were left, as long as the connector has them", () => {
    const olds = { config: tables("public.a", "public.b"), pendingSnapshots: ["public.a", "public.b"] };
    expect(tablesToRead(olds, { config: tables("public.a") })).toEqual(["public.a"]);
  });

  test("are those that were made again with their name", () => {
    const config = tables("public.a", "public.b");
    const olds = { config, tableIds: { "public.a": "1", "public.b": "2" } };
    expect(tablesToRead(olds, { config, tableIds: { "public.a": "1", "public.b": "3" } })).toEqual(["public.b"]);
    // Ids that one of the two lacks do not count as changed.
    expect(tablesToRead({ config }, { config, tableIds: { "public.a": "1" } })).toEqual([]);
    expect(tablesToRead(olds, { config })).toEqual([]);
  });

  test("are those without an id in the state, although a refresh has taken them into its config", () => {
    const config = tables("public.a", "public.b");
    const olds = { config, tableIds: { "public.a": "1" } };
    expect(tablesToRead(olds, { config, tableIds: { "public.a": "1", "public.b": "2" } })).toEqual(["public.b"]);
  });

  test("are those that the live connector does not have, where its list names tables one by one", () => {
    const news = { config: tables("public.a", "public.b") };
    expect(tablesToRead(undefined, news, tables("public.a"))).toEqual(["public.b"]);
    expect(tablesToRead(news, news, tables("public.a"))).toEqual(["public.b"]);
    expect(tablesToRead(undefined, news, tables("public.a", "public.b", "public.c"))).toEqual([]);
    expect(tablesToRead(undefined, news, { "table.include.list": "public\\.a,public\\..*" })).toEqual([]);
    expect(tablesToRead(undefined, news, {})).toEqual([]);
  });
});

describe("a killed apply", () => {
  useFakeConnect();
  const config = (...names: string[]) => ({ ...inputs().config, ...tables(...names) });

  test("that had given the connector a table leaves it to be read after a refresh, also where no ids are known", async () => {
    const olds = await created({ config: config("public.a") });
    live()!.config["table.include.list"] = includeList(["public.a", "public.b"]);
    const { props } = await provider.read(NAME, olds);
    expect(props).toMatchObject({ pendingSnapshots: ["public.b"] });
    const news = inputs({ config: config("public.a", "public.b"), state: "PAUSED" });
    expect(await provider.diff(NAME, props as ConnectorOutputs, { ...news, state: "RUNNING" })).toMatchObject({
      changes: true,
    });
    const { outs } = await provider.update(NAME, props as ConnectorOutputs, news);
    expect(outs).toMatchObject({ pendingSnapshots: ["public.b"] });
    said.length = 0;
    await provider.diff(NAME, props as ConnectorOutputs, inputs({ config: config("public.a") }));
    expect(said).toEqual([]);
  });
});

describe("a take-over", () => {
  useFakeConnect();
  const config = (...names: string[]) => ({ ...inputs().config, ...tables(...names) });
  const takeOver = () => provider.create(inputs({ config: config("public.a", "public.b"), state: "PAUSED" }));

  test("leaves the tables to be read that the connector did not have", async () => {
    connect.add(NAME, { "connector.class": POSTGRES, ...tables("public.a") });
    expect((await takeOver()).outs).toMatchObject({ pendingSnapshots: ["public.b"] });
    expect(said).toEqual([]);
  });

  test("names the tables whose rows may be unread, where the connector's list does not tell which tables it had", async () => {
    connect.add(NAME, { "connector.class": POSTGRES, "table.include.list": "public\\..*" });
    expect((await takeOver()).outs).toMatchObject({ pendingSnapshots: [] });
    expect(said).toEqual([
      `Connector ${NAME}: table.include.list "public\\..*" does not tell which tables it has had in Kafka Connect. Rows of public.a, ` +
        "public.b that it has not read stay unread. A table that is taken out of the list and added again is read.",
    ]);
  });
});

describe("an apply that adds a table", () => {
  useFakeConnect();
  const config = (...names: string[]) => ({ ...inputs().config, ...tables(...names) });

  test("when nothing can have read them, the resource says so, and has nothing left to do", async () => {
    const olds = await created({ config: config("public.a") });
    const { outs } = await provider.update(NAME, olds, inputs({ config: config("public.a", "public.b") }));
    expect(said).toEqual([
      "public.b: rows from before now are not read: that takes database, bootstrapServers, a signal table and " +
        "notifications in a topic (postgresSource sets them).",
    ]);
    expect(outs).toMatchObject({ pendingSnapshots: [] });
  });

  test("where another converter than JSON's writes the notifications, the resource says how the rows are read, and waits for nothing", async () => {
    connect.knowsAll = true;
    const reading = {
      ...{ "signal.data.collection": "debezium.signals", "notification.enabled.channels": "log, sink" },
      ...{ "notification.sink.topic.name": "notes", "value.converter": "io.confluent.connect.avro.AvroConverter" },
    };
    const olds = await created({ config: { ...config("public.a"), ...reading } });
    const news = inputs({ config: { ...config("public.a", "public.b's"), ...reading }, ...NOBODY });
    const { outs } = await provider.update(NAME, { ...olds, ...NOBODY }, news);
    expect(said).toEqual([
      "public.b's: rows from before now are not read: Debezium's notifications, by which an apply sees that rows are read, are written by " +
        "io.confluent.connect.avro.AvroConverter, and not as JSON. Debezium reads the rows while the stream waits, once somebody runs: INSERT INTO " +
        `"debezium"."signals" (id, type, data) VALUES (gen_random_uuid()::text, 'execute-snapshot', ` +
        String.raw` E'{"type":"blocking","data-collections":["(?-i)public\\\\.b''s"]}');`,
    ]);
    expect(outs).toMatchObject({ pendingSnapshots: [] });
  });

  test("while the connector is to hold keeps the table for the apply that has it run", async () => {
    const olds = await created({ config: config("public.a") });
    const news = inputs({ config: config("public.a", "public.b"), state: "PAUSED" });
    const { outs } = await provider.update(NAME, olds, news);
    expect(outs).toMatchObject({ pendingSnapshots: ["public.b"] });
    const diff = async (state: "PAUSED" | "RUNNING") => provider.diff(NAME, outs!, { ...news, state });
    expect(await diff("PAUSED")).toMatchObject({ changes: false });
    expect(await diff("RUNNING")).toMatchObject({ changes: true });
  });

  test("whose broker does not answer fails, with the table left in the state", async () => {
    const olds = await created({ config: config("public.a") });
    const reading = {
      "signal.data.collection": "debezium.signals",
      "notification.enabled.channels": "sink",
      "notification.sink.topic.name": "notes",
    };
    const news = inputs({
      ...NOBODY,
      config: { ...config("public.a", "public.b"), ...reading },
      readyTimeoutSeconds: 60,
    });
    const error = await provider.update(NAME, olds, news).catch((e: unknown) => e);
    expect((error as Error).message).toBe(
      "update connector customer-cdc: existing rows of public.b are not read; the next `pulumi up` tries again. " +
        "Kafka at 127.0.0.1:1 cannot be asked how snapshots go: Connection error: connect ECONNREFUSED 127.0.0.1:1.",
    );
    expect(error).toMatchObject({ properties: { pendingSnapshots: ["public.b"] } });
    const { properties } = error as { properties: ConnectorOutputs };
    said.length = 0;
    expect(await provider.diff(NAME, properties, news)).toMatchObject({ changes: true });
    expect(said).toEqual(["Connector customer-cdc: existing rows of public.b are not read; an up reads them."]);
    expect(live()?.config["table.include.list"]).toBe(includeList(["public.a", "public.b"]));
  });
});
