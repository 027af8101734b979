import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { Fault, Place } from "../../../commands/chaos/faults/fault";
import { strike, type Struck } from "../../../commands/chaos/strike";

/** A fake consumer that has handled all changes, and reports losses. */
let feed: Server;
let said: string[];
beforeAll(async () => {
  feed = createServer((_request, response) => {
    response.end(JSON.stringify({ changes: [{ committedAt: new Date().toISOString().replace("Z", "000Z") }] }));
  });
  await new Promise<void>((resolve) => feed.listen(0, "127.0.0.1", resolve));
});
afterAll(() => new Promise((resolve) => feed.close(resolve)));
beforeEach(() => {
  said = ["the loss before"];
});

/** @param says losses that the consumer reports from the fault on */
function struck(says: string[]): Promise<Struck> {
  const inject = async (): Promise<void> => void (said = says);
  const fault: Fault = { name: "f", what: "", hands: "none", plan: () => ({ target: "", inject }) };
  return strike(
    { fault, stroke: { target: "", inject }, pauseMs: 0 },
    {
      place: {} as Place,
      feedUrl: `http://127.0.0.1:${(feed.address() as AddressInfo).port}`,
      ...{ doctor: async () => null, health: async () => null, losses: async () => said },
      signal: new AbortController().signal,
    },
  );
}

test("a loss reported after a fault without losses is wrong; losses reported before do not count for this fault", async () => {
  expect((await struck(["the loss before", "another"])).untrue).toBe("another");
  expect((await struck(["the loss before"])).untrue).toBeUndefined();
});
