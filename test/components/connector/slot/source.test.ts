import { describe, expect, test } from "@jest/globals";
import { postgresSource } from "../../../../components/connector/config/postgres-source";
import { sourceTroubles, type SourceFacts } from "../../../../components/connector/slot/source-check";
import { namedTables, snapshotInOffsets, outputTopics } from "../../../../components/connector/slot/source";
import { ARGS } from "../source-args";

describe("tables of a config", () => {
  test("patterns are no names", () => {
    const list = "public.a, public\\.b,public.cash\\$,sales\\..*,(?-i)sales\\..*,(?-i)public\\.Größe,public\\.d\\d";
    expect(namedTables({ "table.include.list": list })).toEqual([
      "public.a",
      "public.b",
      "public.cash$",
      "public.Größe",
    ]);
  });

  test("make its topics, with what it wrote to, without Debezium's own", () => {
    const config = { ...postgresSource({ ...ARGS, signalTable: "debezium.signals" }) } as Record<string, string>;
    const written = [
      "cdctest.public.orders",
      "cdctest.debezium.signals",
      "__debezium-heartbeat.cdctest",
      "cdctest.x.y",
    ];
    expect(outputTopics(config, written)).toEqual(["cdctest.public.customers", "cdctest.public.orders", "cdctest.x.y"]);
    expect(outputTopics({ "connector.class": "other" }, ["t"])).toEqual(["t"]);
  });
});

describe("offsets say of the snapshot", () => {
  const offsets = (...list: object[]) => ({ offsets: list.map((offset) => ({ partition: {}, offset })) });
  test.each([
    ["unknown", undefined],
    ["unknown", { offsets: [] }],
    ["running", offsets({ snapshot: "INITIAL", last_snapshot_record: false, lsn: 1 })],
    ["done", offsets({ snapshot: "INITIAL", last_snapshot_record: true, lsn: 1 })],
    ["done", offsets({ lsn: 1, lsn_proc: 1 })],
  ])("%s", (word, body) => {
    expect(snapshotInOffsets(body)).toBe(word);
  });
});

describe("before Connect is told anything", () => {
  const config = postgresSource(ARGS) as Record<string, string>;
  const facts: SourceFacts = {
    walLevel: "logical",
    role: "debezium",
    replication: true,
    published: ARGS.tables,
    existing: [...ARGS.tables, "public.other"],
    readable: ARGS.tables,
  };

  test("a database that is ready has no trouble", () => {
    expect(sourceTroubles(config, facts)).toEqual([]);
  });

  test.each<[string, Partial<SourceFacts>]>([
    ["wal_level is replica. Start Postgres with wal_level=logical.", { walLevel: "replica" }],
    ["Role debezium lacks REPLICATION. ALTER ROLE debezium REPLICATION.", { replication: false }],
    [
      "Role debezium may not read public.orders. GRANT SELECT on it and USAGE on its schema.",
      { readable: ["public.customers"] },
    ],
    ["Publication debezium does not exist. Create it (PostgresCapture does).", { published: null }],
    [
      "Publication debezium leaves out public.orders: none of its changes would arrive.",
      { published: ["public.customers"] },
    ],
    [
      "Table public.orders does not exist. Did you mean public.order?",
      { existing: ["public.customers", "public.order"] },
    ],
  ])("%s", (trouble, change) => {
    expect(sourceTroubles(config, { ...facts, ...change })).toEqual([trouble]);
  });

  test("a publication that Debezium makes itself need not be there", () => {
    const filtered = { ...config, "publication.autocreate.mode": "filtered" };
    expect(sourceTroubles(filtered, { ...facts, published: null })).toEqual([]);
  });
});
