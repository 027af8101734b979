import { expect, test } from "@jest/globals";
import type { ConnectorInputs } from "../../../../components/connector/connector-types";
import { targetOf } from "../../../../components/connector/rest/rest";
import { partial } from "../../../../components/connector/verbs/outputs";
import { inputs, sourceConfig, useFakeConnect } from "../setting";
import { applied } from "./source-server";

useFakeConnect();

const CONFIG = sourceConfig("initial");
const there = { servers: "former:9092", kafkaSecurity: { tls: { ca: "CA" } } };

async function left(isAmid: boolean): Promise<ConnectorInputs> {
  const former = { bootstrapServers: there.servers, kafkaSecurity: there.kafkaSecurity, kafkaCluster: "A" };
  const olds = applied(inputs({ config: CONFIG, ...former } as never));
  const news = inputs({ config: CONFIG, bootstrapServers: "k:9092", kafkaCluster: "B" });
  const target = targetOf(news, "update", Date.now() + 3000);
  const error = await partial(target, news, olds, { pendingSnapshots: [], isAmid }, new Error("no room"));
  return (error as unknown as { properties: ConnectorInputs }).properties;
}

test("an apply that fails on the way to another Kafka leaves the way into the former one, whose records are at stake", async () => {
  expect(await left(true)).toMatchObject({
    ...{ kafkaCluster: "A", bootstrapServers: there.servers, kafkaSecurity: there.kafkaSecurity },
  });
  const gone = await left(false);
  expect(gone).toMatchObject({ kafkaCluster: "B", bootstrapServers: "k:9092" });
  expect(gone.kafkaSecurity).toBeUndefined();
});
