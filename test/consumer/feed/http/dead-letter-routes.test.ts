import { beforeEach, expect, test } from "@jest/globals";
import { DeadLetterRoutes } from "../../../../consumer/feed/http/dead-letter-routes";
import { BadRequest } from "../../../../consumer/feed/http/query";
import { type Letter, letterOf, markText, standingsOf } from "../../../../consumer/letters/letter";
import { record } from "../../letters/letters";

const GROUP = "cdc-consumer";
let sent: Map<string, bigint>;
let count: number;

const all = () =>
  standingsOf(
    Array.from({ length: count }, (_, number) => letterOf(record(number))),
    sent,
    0n,
  );

/** Letters that are sent back are known as such at once. */
const letters = {
  retryTopic: "cdctest.dead-letters-retry" as string | null,
  newest: async (most: number) => ({ standings: all().slice(-most), total: count, waiting: count - sent.size }),
  standing: async (number: string) => all().find(({ letter }) => letter.number === number),
  sendBack: async (given: readonly Letter[]) =>
    given.forEach((letter) => sent.set(markText(letter), BigInt(sent.size))),
};

beforeEach(() => {
  sent = new Map();
  count = 3;
});

test("the newest are listed, all are counted", async () => {
  count = 250;
  const { deadLetters, total, waiting } = await new DeadLetterRoutes(letters, GROUP).list();
  expect([deadLetters.length, deadLetters[0]!.number, deadLetters.at(-1)!.number]).toEqual([200, 50, 249]);
  expect([total, waiting]).toEqual([250, 250]);
  expect(deadLetters[0]).toMatchObject({ key: '{"id":50}', error: "no such customer", state: "waiting" });
});

test("two who send the same one at once send it once", async () => {
  const routes = new DeadLetterRoutes(letters, GROUP);
  const answers = await Promise.allSettled([routes.again("1"), routes.again("1")]);
  expect(answers[0]).toEqual({ status: "fulfilled", value: { sent: 1 } });
  expect((answers[1] as PromiseRejectedResult).reason).toBeInstanceOf(BadRequest);
  expect(String((answers[1] as PromiseRejectedResult).reason)).toContain("Dead letter 1 is sent back already");
  // The mark has the time of the record: a topic that was made again has others at the same offsets.
  expect([...sent.keys()]).toEqual(["1 cdctest.public.orders/0/41 1767225600123"]);
});

test.each([
  [null, 'number is ""'],
  ["-1", 'number is "-1"'],
  ["1 or 1", 'number is "1 or 1"'],
])("number %j is refused", (number, sentence) => {
  expect(() => new DeadLetterRoutes(letters, GROUP).again(number)).toThrow(sentence);
});

test("one that there is not, and one that another group gave up on", async () => {
  await expect(new DeadLetterRoutes(letters, GROUP).again("9")).rejects.toThrow("There is no dead letter 9.");
  await expect(new DeadLetterRoutes(letters, "other").again("1")).rejects.toThrow("given up on by the group");
});

test("a consumer without the topic says so", () => {
  const routes = new DeadLetterRoutes({ ...letters, retryTopic: null }, GROUP);
  expect(() => routes.again("1")).toThrow("KAFKA_RETRY_TOPIC");
});
