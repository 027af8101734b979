import { afterAll, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";
import { POSTGRES } from "../../../support/fakes/fake-connect";
import { connect, inputs, NAME, provider, said, sourceConfig, useFakeConnect } from "../setting";

useFakeConnect();

/** End offsets of the topics' partitions, and what was written there: `topic/partition op`. */
let ends: Record<string, string[]>;
let written: string[];
let isAway = false;
jest.mock("../../../../consumer/kafka/quiet-kafka", () => ({
  quietKafka: () => ({
    admin: () => ({
      connect: () => (isAway ? Promise.reject(new Error("no broker")) : Promise.resolve()),
      disconnect: () => Promise.resolve(),
      listTopics: () => Promise.resolve(Object.keys(ends)),
      fetchTopicOffsets: (topic: string) =>
        Promise.resolve(ends[topic]!.map((high, partition) => ({ partition, low: "0", high }))),
    }),
    producer: () => ({
      connect: () => Promise.resolve(),
      disconnect: () => Promise.resolve(),
      send: ({ topic, messages }: { topic: string; messages: { value: string; partition: number }[] }) => {
        for (const { value, partition } of messages)
          written.push(`${topic}/${partition} ${(JSON.parse(value) as { op: string }).op}`);
        return Promise.resolve();
      },
    }),
  }),
}));

let server: EmbeddedPostgres;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE TABLE public.t (id int); CREATE TABLE public.u (id int)");
});
afterAll(() => server.stop());
beforeEach(() => {
  [ends, written, isAway] = [{}, [], false];
});

/** Makes a connector whose slot does not exist. Nothing streams here, so the create ends with an error about that. */
const create = (mode = "initial", more: Record<string, string> = {}) =>
  expect(
    provider.create(
      inputs({
        config: sourceConfig(mode, {
          ...{ "slot.name": "none", "table.include.list": "public\\.t,public\\.u" },
          "value.converter": "org.apache.kafka.connect.json.JsonConverter",
          "value.converter.schemas.enable": "false",
          ...more,
        }),
        database: server.at(),
        bootstrapServers: "broker:9092",
        readyTimeoutSeconds: 2,
      }),
    ),
  ).rejects.toThrow();

test("topics that an earlier connector has filled get a TRUNCATE in each partition before the rows are read, and `up` says so", async () => {
  ends = { "p.public.t": ["3", "0", "1"], "p.public.u": ["0"] };
  await create();
  expect(written).toEqual(["p.public.t/0 t", "p.public.t/2 t"]);
  expect(said.join("\n")).toContain("the topics of public.t have records of an earlier connector");
});

test("empty topics, topics that are not there, and a connector that reads no rows get none", async () => {
  ends = { "p.public.t": ["0"] };
  await create();
  ends = { "p.public.t": ["3"] };
  await create("no_data");
  expect(written).toEqual([]);
  expect(said.join("\n")).not.toContain("earlier connector");
});

test.each(["snapshot.include.collection.list", "snapshot.select.statement.overrides"])(
  "with %s only some rows are read again: no TRUNCATE, since copies would lose the others, and `up` says what may stay",
  async (key) => {
    ends = { "p.public.t": ["3"] };
    connect.knowsAll = true;
    await create("initial", { [key]: "public.u" });
    expect(written).toEqual([]);
    expect(said.join("\n")).toMatch(
      new RegExp(`rows of public\\.t that were deleted meanwhile stay in the topics[^]*with ${key} not all`),
    );
  },
);

test.each(["io.confluent.connect.avro.AvroConverter", "io.confluent.connect.json.JsonSchemaConverter"])(
  "behind %s no record of another form comes into a topic, and `up` says what may stay",
  async (converter) => {
    ends = { "p.public.t": ["3"] };
    connect.knowsAll = true;
    await create("initial", { "value.converter": converter });
    expect(written).toEqual([]);
    expect(said.join("\n")).toContain(
      `TRUNCATE could be written: their values are written by ${converter}, and not as JSON.`,
    );
  },
);

test("where the broker cannot be asked, `up` says what may stay", async () => {
  isAway = true;
  await create();
  expect(said.join("\n")).toMatch(
    /rows of public\.t, public\.u that were deleted meanwhile stay in the topics[^]*no broker/,
  );
});

test("a connector that a killed `up` had made and not begun gets the TRUNCATEs, too", async () => {
  ends = { "p.public.t": ["3"] };
  connect.add(NAME, { "connector.class": POSTGRES, "topic.prefix": "p" }, "STOPPED");
  await create();
  expect(written).toEqual(["p.public.t/0 t"]);
  expect(connect.writes.at(-1)).toBe(`PUT /connectors/${NAME}/resume`);
});
