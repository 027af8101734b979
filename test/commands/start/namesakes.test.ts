import { expect, test } from "@jest/globals";
import type { Inventory } from "../../../commands/start/inventory";
import { namesakesIn } from "../../../commands/start/namesakes";
import { CONTAINER, NETWORK, type Resource, VOLUME } from "../../../commands/stack/deployment";
import { resource } from "./resource";

const STATE: Resource[] = [
  resource(CONTAINER, "id-connect", "s-connect"),
  resource(CONTAINER, "id-kafka", "s-kafka"),
  resource(NETWORK, "net-id", "s-net"),
  resource(VOLUME, "s-kafka-data", "s-kafka-data"),
];
/** @param labelled names of the engine's objects, and their ids */
const engine = (labelled: Record<string, string>): Inventory => ({
  ...{ containers: new Map(), networkIds: new Set(), volumeNames: new Set(), strayVolumes: new Set() },
  ...{ imageNames: new Set(), labelled: new Map(Object.entries(labelled)) },
});

test("what the engine has under the names of the state, and the state does not know, is another engine's or clone's", () => {
  const others = { "s-kafka": "another", "s-net": "another-net", "s-connect": "id-connect", "t-zookeeper": "x" };
  expect(namesakesIn(STATE, engine(others))).toEqual(["s-kafka", "s-net"]);
});

test("objects that the engine does not have belong to nobody else", () => {
  expect(namesakesIn(STATE, engine({}))).toEqual([]);
  expect(namesakesIn(STATE, engine({ "s-net": "net-id", "t-kafka": "id-of-another-stack" }))).toEqual([]);
});
