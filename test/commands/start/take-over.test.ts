import { expect, test } from "@jest/globals";
import type { Inventory } from "../../../commands/start/inventory";
import { hasUnlisted } from "../../../commands/start/take-over";
import { CONTAINER, type Resource, VOLUME } from "../../../commands/stack/deployment";

const volume: Resource = { urn: "v", type: VOLUME, id: "cdc-dev-kafka-data", inputs: { name: "cdc-dev-kafka-data" } };
const kafka: Resource = { urn: "c", type: CONTAINER, id: "1a", inputs: { name: "cdc-dev-kafka" } };
const engine = (...labelled: [name: string, id: string][]): Inventory => ({
  ...{ containers: new Map(), networkIds: new Set(), volumeNames: new Set(), strayVolumes: new Set() },
  ...{ imageNames: new Set(), labelled: new Map(labelled) },
});

test("a stack of which a destroy on another engine has left the volumes in the state can be taken over", () => {
  expect(hasUnlisted("cdc-dev", [volume], engine(["cdc-dev-kafka", "9z"]))).toBe(true);
  expect(hasUnlisted("cdc-dev", [volume, kafka], engine(["cdc-dev-kafka", "9z"]))).toBe(true);
});

test("what the state knows, and what is another stack's, is nothing to take over", () => {
  expect(hasUnlisted("cdc-dev", [volume, kafka], engine(["cdc-dev-kafka", "1a"], ["cdc-dev-2-kafka", "9z"]))).toBe(
    false,
  );
});
