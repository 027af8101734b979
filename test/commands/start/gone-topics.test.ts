import { expect, test } from "@jest/globals";
import { brokersIn, missingOf } from "../../../commands/start/gone-topics";
import { type Resource, TOPIC } from "../../../commands/stack/deployment";

const topic = (name: string): Resource => ({ urn: `urn:${name}`, type: TOPIC, id: name, inputs: { name } });
const provider = (servers: string[]): Resource => ({
  ...{ urn: "urn:provider", type: "pulumi:providers:kafka", id: "p" },
  inputs: { bootstrapServers: JSON.stringify(servers) },
});

test("a topic that the broker has not is forgotten, so that it is made again", () => {
  const missing = missingOf([topic("a"), topic("b")], ["b", "__consumer_offsets"]);
  expect(missing.map(({ urn }) => urn)).toEqual(["urn:a"]);
});

test("a broker that does not answer, or does not know its topics yet, misses none", () => {
  expect(missingOf([topic("a")], [])).toEqual([]);
  expect(missingOf([topic("a"), topic("b")], ["b"])).toEqual([]);
});

test("only the stack's own brokers are asked", () => {
  expect(brokersIn([topic("a"), provider(["127.0.0.1:29092", "127.0.0.1:29093"])])).toEqual([
    "127.0.0.1:29092",
    "127.0.0.1:29093",
  ]);
  expect(brokersIn([provider(["kafka.example.com:9092"])])).toEqual([]);
  expect(brokersIn([topic("a")])).toEqual([]);
});
