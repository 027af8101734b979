import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "@jest/globals";
import { missedByConsumer } from "../../../components/preflight/missed-look";

let server: Server | undefined;
afterEach(() => new Promise<unknown>((resolve) => (server ? server.close(resolve) : resolve(undefined))));

/** The message about a consumer with this answer of `/healthz`. */
async function missed(health: object, afterMs = 0): Promise<string> {
  server = createServer((_request, response) => void setTimeout(() => response.end(JSON.stringify(health)), afterMs));
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return missedByConsumer((server.address() as AddressInfo).port);
}

test("what it says is lost, without the remedy", async () => {
  expect(await missed({ losses: ["the slot was dropped. All rows are read again by: x", "a topic is gone"] })).toBe(
    "the slot was dropped; a topic is gone",
  );
});

test.each([{ losses: [] }, {}, { losses: "other" }])("%j: nothing", async (health) => {
  expect(await missed(health)).toBe("");
});

test("one that answers late, on a busy machine, is heard", async () => {
  expect(await missed({ losses: ["the slot was dropped"] }, 1500)).toBe("the slot was dropped");
});

test("without a server on the port, nothing is known, at once", async () => {
  expect(await missedByConsumer(1)).toBe("");
});
