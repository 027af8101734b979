import { expect, test } from "@jest/globals";
import { type StackKind, StackUnderTest } from "../../../commands/chaos/stack-under-test";

const CLUSTER: StackKind = {
  ...{ purpose: "chaos-names", coordination: "zookeeper", exactlyOnce: false, cluster: true, set: {} },
};

function placeOf(cluster: boolean, turn: () => number) {
  const under = new StackUnderTest({ ...CLUSTER, cluster }, "dist/chaos-names", new AbortController().signal);
  // Only the names are used here. Ports are known once a stack is up.
  Object.assign(under, { ports: { postgresPort: 1, kafkaPort: 2, connectPort: 3, consumerPort: 4 } });
  const place = under.place(() => Promise.resolve(), turn);
  const short = (name: string): string => name.slice(under.stack.prefix.length + 1);
  return {
    one: (service: "kafka" | "connect" | "consumer") => short(place.container(service)),
    all: (service: "kafka" | "connect" | "consumer") => place.containers(service).map(short),
    broker: under.broker,
    volume: short(place.volume("kafka")),
  };
}

test("of several one is struck, another with each stroke, and the same for the whole of one", () => {
  let turn = 0;
  const { one, all, broker, volume } = placeOf(true, () => turn);
  const struck = [0, 1, 2, 3].map((each) => {
    turn = each;
    return [one("kafka"), one("kafka"), one("connect"), one("consumer")];
  });
  expect(struck).toEqual([
    ["kafka", "kafka", "connect", "consumer"],
    ["kafka-2", "kafka-2", "connect-2", "consumer"],
    ["kafka-3", "kafka-3", "connect", "consumer"],
    ["kafka", "kafka", "connect-2", "consumer"],
  ]);
  expect(all("kafka")).toEqual(["kafka", "kafka-2", "kafka-3"]);
  expect(volume).toBe("kafka-data");
  expect(broker).toBe("127.0.0.1:2,127.0.0.1:3,127.0.0.1:4");
});

test("without a cluster there is one of each", () => {
  const { one, all } = placeOf(false, () => 5);
  expect([one("kafka"), ...all("connect")]).toEqual(["kafka", "connect"]);
});
