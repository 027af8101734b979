import { expect, test } from "@jest/globals";
import { fullDiskText } from "../../../commands/start/full-disk";
import { strangersText } from "../../../commands/stop/strangers";
import { stuckText } from "../../../commands/stop/stuck-networks";

test("who is in the way of a stop is named, each once with the command that mends it", () => {
  const network = { kind: "network", name: "cdc-dev-net" } as const;
  const text = strangersText([
    { container: "adminer", has: network },
    { container: "backup", has: { kind: "volume", name: "cdc-dev-postgres-data" } },
    { container: "backup", has: { kind: "volume", name: "cdc-dev-kafka-data" } },
  ]);
  expect(text.split("\n")).toEqual([
    "Nothing was removed: a container that is not the stack's own is in the way. adminer has the network cdc-dev-net; " +
      "backup has the volume cdc-dev-postgres-data; backup has the volume cdc-dev-kafka-data. Then `npm stop` again, after:",
    "  docker network disconnect cdc-dev-net adminer",
    "  docker rm --force backup",
  ]);
});

test("a network without containers that cannot be removed is the engine's fault, and the remedy is named", () => {
  expect(stuckText(["cdc-dev-net"])).toBe(
    "No container has the network cdc-dev-net, but the engine counts an endpoint there and removes nothing: a fault of the engine. " +
      "Restart the engine, then `npm stop` again.",
  );
});

test("a start that failed on a full disk says so, with what makes room; with room there is nothing to say", () => {
  expect(fullDiskText(200 * 1024 * 1024)).toMatch(
    /^The disk on which Docker keeps images and volumes has 2\d\d MB free, which may well be the reason\. Make room: docker builder prune --force/,
  );
  expect(fullDiskText(20 * 1024 ** 3)).toBeUndefined();
});
