import { describe, expect, test } from "@jest/globals";
import { lookForFurtherTopics, topicsToRead } from "../../../consumer/kafka/further-topics";

const EXISTING = ["p.public.a", "outbox.event.order", "outbox.event.user", "outboxxevent.order", "__consumer_offsets"];

test.each([
  [["outbox.event.*"], ["outbox.event.order", "outbox.event.user"]],
  [["outbox.event.order"], ["outbox.event.order"]],
  [
    ["p.*.a", "outbox.*.user"],
    ["outbox.event.user", "p.public.a"],
  ],
  [["p.public"], []],
  [[], []],
])("%j means %j", (furtherTopics, topics) => {
  expect(topicsToRead({ topics: [], furtherTopics, deadLetterTopic: "d" }, EXISTING)).toEqual(topics);
});

test("a topic is read once, even if a pattern matches it, too; dead letters never", () => {
  const options = { topics: ["p.public.b", "p.public.a"], furtherTopics: ["p.*"], deadLetterTopic: "p.dead-letters" };
  expect(topicsToRead(options, ["p.dead-letters", "p.public.a", "p.public.c"])).toEqual([
    "p.public.b",
    "p.public.a",
    "p.public.c",
  ]);
});

describe("looking again and again", () => {
  const wanted = { topics: ["p.a"], furtherTopics: ["outbox.*"], deadLetterTopic: "d" };

  /** One look: the broker's answer, and the topics that are read before and after it. */
  async function look(existing: () => Promise<string[]>, reads: (readonly string[] | null)[]) {
    const found: string[][] = [];
    const looks: (() => void)[] = [];
    const again = new Promise<void>((resolve) =>
      lookForFurtherTopics({
        ...{ ...wanted, existing },
        read: () => reads.shift() ?? null,
        found: (topics) => Promise.resolve(void found.push([...topics])),
        later: (_ms, work) => {
          if (looks.push(work) === 2) resolve();
        },
      }),
    );
    looks[0]!();
    await again;
    return found;
  }

  test("a further topic is found once", async () => {
    const existing = () => Promise.resolve(["p.a", "outbox.order", "outbox.user"]);
    expect(await look(existing, [["p.a"], ["p.a", "outbox.user"]])).toEqual([["outbox.order"]]);
    expect(
      await look(existing, [
        ["p.a", "outbox.order", "outbox.user"],
        wanted.topics.concat("outbox.order", "outbox.user"),
      ]),
    ).toEqual([]);
  });

  test("while the group is not joined, no topics are requested or found; a broker that does not answer is asked again", async () => {
    const unasked = () => Promise.reject(new Error("asked"));
    expect(await look(unasked, [null, null])).toEqual([]);
    expect(await look(() => Promise.resolve(["outbox.order"]), [["p.a"], null])).toEqual([]);
    expect(await look(unasked, [["p.a"], ["p.a"]])).toEqual([]);
  });
});
