import { expect, test } from "@jest/globals";
import type { ChangeJson } from "../../../consumer/api";
import { outboxRouter } from "../../../examples/outbox/router";
import type { Rig } from "../consumer/rig";

const CONFIG = (key: string): string => `connectorConfig["${key}"]`;

/** Checks the transforms of Debezium and Kafka, each on a table of its own. */
export function routed(rig: Rig): void {
  const tell = async (table: string, ...statements: string[]) => {
    for (const statement of statements) await rig.database.query(statement);
    const changes = await rig.until(table, (held) => held.length === statements.length);
    return changes.map(({ op, key, before, after }) => ({ op, key, before, after }));
  };

  test("a logical message arrives, and says what it says", async () => {
    await rig.database.query("select pg_logical_emit_message(true, 'audit', 'login 😀')");
    const isMessage = ({ op }: ChangeJson) => op === "message";
    // Without a table's name, it returns changes of all tables.
    const changes = await rig.until("", (held) => held.some(isMessage));
    expect(changes.find(isMessage)).toMatchObject({
      op: "message",
      table: "",
      topic: "cdctest.message",
      message: { prefix: "audit", content: Buffer.from("login 😀").toString("base64") },
    });
  }, 60_000);

  test("each transform's records are read where it sends them, and none is a dead letter", async () => {
    await configure(rig, {
      transforms: "flat,short,all,outbox",
      predicates: "isFlat,isShort,isOrders,isOutbox",
      ...predicate("isFlat", "flat"),
      ...predicate("isShort", "short"),
      ...predicate("isOrders", "orders_.*"),
      "transforms.flat.type": "io.debezium.transforms.ExtractNewRecordState",
      "transforms.flat.predicate": "isFlat",
      "transforms.short.type": "org.apache.kafka.connect.transforms.ReplaceField$Value",
      "transforms.short.exclude": "source",
      "transforms.short.predicate": "isShort",
      "transforms.all.type": "io.debezium.transforms.ByLogicalTableRouter",
      "transforms.all.topic.regex": "(.*)orders_.*",
      "transforms.all.topic.replacement": "$1orders",
      "transforms.all.predicate": "isOrders",
      ...outboxRouter("cdctest.public.outbox"),
    });

    expect(
      await tell("public.flat", "insert into flat values (1, 'a')", "update flat set note = 'b'", "delete from flat"),
    ).toEqual([
      { op: "update", key: { id: 1 }, before: null, after: { id: 1, note: "a" } },
      { op: "update", key: { id: 1 }, before: null, after: { id: 1, note: "b" } },
      { op: "delete", key: { id: 1 }, before: null, after: null },
    ]);
    expect(await tell("public.short", "insert into short values (1, 'a')")).toEqual([
      { op: "create", key: { id: 1 }, before: null, after: { id: 1, note: "a" } },
    ]);
    expect(await tell("public.orders_eu", "insert into orders_eu values (1, 'a')")).toMatchObject([
      { op: "create", after: { id: 1, note: "a" } },
    ]);
    expect(await tell("public.orders_us", "insert into orders_us values (1, 'b')")).toMatchObject([
      { op: "create", after: { id: 1, note: "b" } },
    ]);
    expect(
      await tell(
        "event.order",
        `insert into outbox values (gen_random_uuid(), 'order', '8', 'placed', '{"a": 1}')`,
        `insert into outbox values (gen_random_uuid(), 'order', '8', 'paid', '{"a": 2}')`,
      ),
    ).toMatchObject([
      { op: "update", after: { value: '{"a": 1}' } },
      { op: "update", after: { value: '{"a": 2}' } },
    ]);
    expect(await rig.metric("cdc_dead_letters_total")).toBe(0);
  }, 180_000);

  test("keys as another converter writes them are no dead letter", async () => {
    await configure(rig, { "key.converter": "org.apache.kafka.connect.storage.StringConverter" });
    expect(await tell("public.keyed", "insert into keyed values (1, 'a')")).toEqual([
      { op: "create", key: { key: "Struct{id=1}" }, before: null, after: { id: 1, note: "a" } },
    ]);
    expect(await rig.metric("cdc_dead_letters_total")).toBe(0);
  }, 120_000);

  test("a topic that somebody else makes is read when it is one of cdc:consumerTopics", async () => {
    await rig.stack.pulumi("config", "set", "consumerTopics", "elsewhere.*");
    await rig.stack.up();
    const admin = rig.kafka.admin();
    const producer = rig.kafka.producer();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: "elsewhere.public.things", numPartitions: 1 }] });
    await admin.disconnect();
    await producer.connect();
    await producer.send({ topic: "elsewhere.public.things", messages: [{ key: '{"id":1}', value: '{"id":1}' }] });
    await producer.disconnect();
    const [change] = await rig.until("public.things", (held) => held.length === 1);
    expect(change).toMatchObject({ op: "update", key: { id: 1 }, after: { id: 1 } });
  }, 120_000);
}

function predicate(name: string, table: string): Record<string, string> {
  return {
    [`predicates.${name}.type`]: "org.apache.kafka.connect.transforms.predicates.TopicNameMatches",
    [`predicates.${name}.pattern`]: `cdctest\\.public\\.${table}`,
  };
}

/** Replaces the settings from before. */
async function configure({ stack }: Rig, config: Record<string, string>): Promise<void> {
  await stack.pulumi("config", "rm", "connectorConfig");
  const pairs = Object.entries(config).flatMap(([key, value]) => ["--plaintext", `${CONFIG(key)}=${value}`]);
  await stack.pulumi("config", "set-all", "--path", ...pairs);
  await stack.up();
}
