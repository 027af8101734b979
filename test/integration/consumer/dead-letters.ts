import { expect, test } from "@jest/globals";
import axios from "axios";
import type { Kafka, KafkaMessage } from "kafkajs";
import { runChild } from "../../../commands/processes/child";
import { MAX_RECORD_MB, recordBytes } from "../../../components/connector/config/record-size";
import { poll } from "../../../components/poll";
import type { DeadLetterJson, DeadLettersJson } from "../../../consumer/api";
import { docker } from "../../support/stack";
import { looked } from "../../support/stack/looked";
import type { Rig } from "./rig";

const TABLE = "public.letters";
const LARGEST = recordBytes(MAX_RECORD_MB);
const DEAD_LETTERS = "cdctest.dead-letters";

export function deadLetters(rig: Rig): void {
  test("a record that cannot be read and one that is never handled go to the dead letters; the others are handled", async () => {
    const { database, kafka } = rig;
    const topic = rig.topicOf(TABLE);
    await database.query("insert into letters values (1), (2)");
    await rig.until(TABLE, (changes) => changes.length === 2);
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic, messages: [{ key: '{"id":9}', value: "no JSON", headers: { trace: "abc" } }] });
    await producer.disconnect();
    await database.query("insert into letters values (3, null), (4, 'poison'), (5, null)");
    await database.query("update letters set note = 'healed' where id = 4");
    await rig.until(TABLE, (changes) => changes.at(-1)?.op === "update");

    const [life] = await rig.printedUpTo(TABLE, 6);
    expect(life!.map(({ op, key, offset }) => [op, key?.["id"], offset])).toEqual([
      ["create", 1, "0"],
      ["create", 2, "1"],
      ["create", 3, "3"],
      ["create", 5, "5"],
      ["update", 4, "6"],
    ]);
    const [unreadable, unhandled] = await read(kafka, DEAD_LETTERS, 2);
    expect(unreadable).toEqual({
      key: '{"id":9}',
      value: "no JSON",
      headers: {
        trace: "abc",
        ...origin(topic, "2"),
        "dead-letter-stage": "read",
        "dead-letter-attempts": "1",
        "dead-letter-error": expect.stringMatching(/^the value is no JSON: Unexpected token/),
      },
    });
    expect(unhandled).toEqual({
      key: '{"id":4}',
      value: expect.stringContaining('"after":{"id":4,"note":"poison"}'),
      headers: expect.objectContaining({
        ...origin(topic, "4"),
        "dead-letter-stage": "handle",
        "dead-letter-attempts": "5",
        "dead-letter-error": "cannot handle the row 4",
        "dead-letter-stack": expect.stringContaining("handler.ts"),
      }),
    });
    expect(await rig.metric("cdc_dead_letters_total", { topic, stage: "read" })).toBe(1);
    expect(await rig.metric("cdc_dead_letters_total", { topic, stage: "handle" })).toBe(1);
    await rig.healthy();
  }, 60_000);

  test("they are listed and sent back to the handler alone: what works now is handled, what fails is a dead letter again", async () => {
    const { database } = rig;
    const topic = rig.topicOf(TABLE);
    await database.query("insert into letters values (6, 'poison until healed'), (7, 'poison until healed')");
    await standings(rig, ["waiting", "waiting", "waiting", "waiting"]);
    const [, , six] = await list(rig);
    const own = { topic, partition: 0, offset: "7", key: '{"id":6}', stage: "handle", attempts: 5 };
    expect(six).toMatchObject({ number: 2, ...own, error: "not healed yet", retryOf: null });
    const shown = await command(rig, "show", "2");
    expect(shown).toContain("Error: not healed yet\n");
    expect(shown).toContain('"after":{"id":6,"note":"poison until healed"}');
    await expect(command(rig, "again", "2")).rejects.toThrow("--yes says that it is meant");
    await expect(command(rig, "again", "2", "99", "--yes")).rejects.toThrow("There is no dead letter 99.");

    expect(await command(rig, "again", "2", "--yes")).toContain("1 dead letter sent back");
    await standings(rig, ["waiting", "waiting", "failed again", "waiting", "waiting"]);
    expect((await list(rig))[4]).toMatchObject({ number: 4, ...own, error: "not healed yet", retryOf: 2 });

    await docker("exec", rig.container, "touch", "/var/lib/consumer/healed");
    expect(await command(rig, "again", "--all", "--yes")).toContain("4 dead letters sent back");
    const left = ["failed again", "failed again", "failed again", "handled", "handled", "waiting", "waiting"];
    await standings(rig, left);
    const changes = await rig.until(TABLE, (all) => all.length === 7);
    const last = changes
      .slice(-2)
      .map((change) => [change.key?.["id"], change.offset, change.duplicate, change.retried]);
    expect(last).toEqual([
      [7, "8", undefined, true],
      [6, "7", undefined, true],
    ]);
    // None of them is in the table's own topic.
    await rig.ends(TABLE, 9);
    expect(await command(rig, "again", "--all", "--table", "public.batched", "--yes")).toContain(
      "Nothing to send back",
    );
    // The same request as the page's.
    const page = { baseURL: rig.outputs.feedUrl, proxy: false as const };
    expect((await axios.post("/dead-letters/again?number=5", undefined, page)).data).toEqual({ sent: 5 });
    await standings(rig, [...left.slice(0, 5), "failed again", "waiting", "waiting"]);
    const { data } = await axios.get<DeadLettersJson>("/dead-letters", page);
    expect([data.total, data.waiting, data.deadLetters[7]?.retryOf]).toEqual([8, 2, 5]);
    // Other tests of this file have altered captured tables, which is said of the capture.
    expect(await status(rig)).toEqual({ deadLetters: 2, bad: [] });
  }, 180_000);

  test("one of nearly the largest size goes back whole; one that lost its value is refused with the way out", async () => {
    const topic = rig.topicOf(TABLE);
    const producer = rig.kafka.producer();
    await producer.connect();
    for (const bytes of [LARGEST - 20_000, LARGEST - 200]) {
      await producer.send({ topic, messages: [{ key: "large", value: "x".repeat(bytes) }] });
    }
    await producer.disconnect();
    const before = [
      "failed again",
      "failed again",
      "failed again",
      "handled",
      "handled",
      "failed again",
      "waiting",
      "waiting",
    ];
    await standings(rig, [...before, "waiting", "waiting"]);
    const [whole, omitted] = (await list(rig)).slice(-2);
    expect([whole!.valueOmitted, omitted!.valueOmitted, omitted!.value]).toEqual([false, true, null]);
    await expect(command(rig, "again", "9", "--yes")).rejects.toThrow(
      `npm run replay -- --offset ${omitted!.offset} --partition 0 --table 'public.letters'`,
    );
    await command(rig, "again", "8", "--yes");
    await standings(rig, [...before, "failed again", "waiting", "waiting"]);
    expect((await list(rig)).at(-1)).toMatchObject({
      number: 10,
      retryOf: 8,
      offset: whole!.offset,
      valueOmitted: false,
    });
  }, 120_000);
}

/** Runs a command with npm. @returns its output */
function npm(rig: Rig, ...args: string[]): Promise<string> {
  return runChild(process.execPath, ["toolchain/look.mjs", ...args], { env: { ...process.env, ...rig.environment } });
}

/** What `npm run status` counts, and what is wrong with all else than the capture. */
async function status(rig: Rig) {
  const { deadLetters, findings } = await looked(rig, "status");
  return { deadLetters, bad: findings.filter(({ heading, mark }) => mark === "bad" && heading !== "Capture") };
}

const command = (rig: Rig, ...args: string[]) => npm(rig, "dead-letters", ...args);

async function list(rig: Rig): Promise<DeadLetterJson[]> {
  const { deadLetters } = JSON.parse(await command(rig, "--json")) as { deadLetters: DeadLetterJson[] };
  return deadLetters;
}

/** Waits until the dead letters have these standings. */
function standings(rig: Rig, wanted: string[]): Promise<void> {
  return poll<void>(
    async () => {
      const seen = (await list(rig)).map(({ state }) => state);
      return JSON.stringify(seen) === JSON.stringify(wanted)
        ? { done: true, value: undefined }
        : { done: false, seen: seen.join(", ") };
    },
    { what: `dead letters: ${wanted.join(", ")}`, deadlineMs: 60_000, intervalMs: 100 },
  );
}

function origin(topic: string, offset: string) {
  return {
    "dead-letter-topic": topic,
    "dead-letter-partition": "0",
    "dead-letter-offset": offset,
    "dead-letter-timestamp": expect.stringMatching(/^\d{13}$/),
    "dead-letter-group": "cdc-consumer",
  };
}

/** The first records of a topic, as texts. */
async function read(kafka: Kafka, topic: string, count: number) {
  const consumer = kafka.consumer({ groupId: `reader-of-${topic}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const messages: KafkaMessage[] = [];
  await new Promise<void>((resolve, reject) => {
    const eachMessage = async ({ message }: { message: KafkaMessage }) => {
      if (messages.push(message) === count) resolve();
    };
    consumer.run({ eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  return messages.map(({ key, value, headers }) => ({
    key: String(key),
    value: String(value),
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)])),
  }));
}
