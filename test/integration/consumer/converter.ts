import { expect, test } from "@jest/globals";
import { poll } from "../../../components/poll";
import { ConnectByHand } from "../../support/stack/connect";
import { type Record, recordsOf, topicsOf } from "../../support/stack/topic";
import type { Rig } from "./rig";
import { insertAllTypes } from "./types";

const CONNECTOR = "customer-cdc";
const TABLES = ["public.types", "public.defaults"];
const ROWS = [3, 6];
const AS_JSON =
  "local|day|clock|zoned|span|bits|markup|feeling|address|network|hardware|whole|large|words|exacts|moments|days|feelings|range|period|search";
/** Texts with each character below 128, with characters of each length in UTF-8, one that is longer than any buffer, and one after it. */
const TEXTS = [
  `${String.fromCharCode(...Array.from({ length: 127 }, (_, at) => at + 1))}\u0080\u00ff\u0100\u07ff\u0800\u2028漢\ufffd\uffff🙂`,
  '"x" \\ y\n'.repeat(20_000) + "é漢🙂".repeat(20_000),
  "short",
];
/** Converters by their connectors' names, which are also the topics' prefixes. */
const CONVERTERS = { quick: "cdc.StreamingJsonConverter", kafka: "org.apache.kafka.connect.json.JsonConverter" };

export function converter(rig: Rig): void {
  test.each([
    ["as it is set up", {}],
    ["with a column's default in the place of null", { "value.converter.replace.null.with.default": "true" }],
    ["with Connect's own types", { "decimal.handling.mode": "precise", "time.precision.mode": "connect" }],
    ["with schemas", { "key.converter.schemas.enable": "true", "value.converter.schemas.enable": "true" }],
  ])(
    "writes what Kafka's own writes, %s",
    async (_how, settings) => {
      await rig.database.query("truncate types, defaults");
      await insertAllTypes(rig);
      await rig.database.query("insert into defaults (id) values (1)");
      await rig.database.query(
        "insert into defaults values (2, null, 8, null), (3, 'a \"b\" \\ \u0001 é 😀', 9, false)",
      );
      for (const [at, text] of TEXTS.entries()) {
        await rig.database.query("insert into defaults (id, word) values ($1, $2)", [4 + at, text]);
      }
      const quick = await snapshot(rig, "quick", settings);
      const kafka = await snapshot(rig, "kafka", settings);
      expect(quick.map(({ length }) => length)).toEqual(ROWS);
      expect(quick).toEqual(kafka);
    },
    60_000,
  );
}

/** The tables' rows as a connector with this converter writes them, without what differs between the two runs. */
async function snapshot(rig: Rig, prefix: keyof typeof CONVERTERS, settings: object): Promise<Record[][]> {
  const connect = new ConnectByHand(rig.outputs.connectUrl, rig.outputs.connectToken);
  const servers = rig.outputs.bootstrapServers;
  const { name: _name, ...config } = (await connect.config(CONNECTOR))!;
  const earlier = await recordsOfTables(servers, prefix);
  await connect.put(`/connectors/${prefix}/config`, {
    ...config,
    "key.converter": CONVERTERS[prefix],
    "value.converter": CONVERTERS[prefix],
    "snapshot.mode": "initial_only",
    "slot.name": `cdc_${prefix}`,
    "topic.prefix": prefix,
    "table.include.list": TABLES.join(),
    // Leaves out columns whose strings hold JSON, which Kafka's own converter writes as strings.
    "column.exclude.list": `public\\.types\\.(${AS_JSON})`,
    ...settings,
  });
  const records = await poll<Record[][]>(
    async () => {
      const found = await recordsOfTables(servers, prefix);
      const fresh = found.map((of, i) => of.slice(earlier[i]!.length));
      const done = fresh.every(({ length }, i) => length === ROWS[i]);
      return done ? { done, value: fresh } : { done, seen: fresh.map(({ length }) => `${length} records`).join(", ") };
    },
    { what: `the snapshot of connector ${prefix}`, deadlineMs: 30_000, intervalMs: 100 },
  );
  await connect.put(`/connectors/${prefix}/stop`);
  await connect.delete(`/connectors/${prefix}/offsets`);
  await connect.delete(`/connectors/${prefix}`);
  return records.map((of) =>
    of.map(({ key, value }) => ({ key: withoutRun(key!, prefix), value: withoutRun(value!, prefix) })),
  );
}

async function recordsOfTables(servers: string, prefix: string): Promise<Record[][]> {
  const there = await topicsOf(servers);
  const topics = TABLES.map((table) => `${prefix}.${table}`);
  return Promise.all(topics.map(async (topic) => (there.includes(topic) ? recordsOf(servers, topic) : [])));
}

/** Removes times, the snapshot's position in the log, and the prefix, which is also in the schemas' names. */
function withoutRun(value: string, prefix: string): string {
  return value
    .replace(/"(ts_ms|ts_us|ts_ns|lsn|commit_lsn|txId)":\d+/g, '"$1":0')
    .replace(/"sequence":"[^ ]*?\]"/g, '"sequence":""')
    .replaceAll(`"${prefix}`, '"');
}
