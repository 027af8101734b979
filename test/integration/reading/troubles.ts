import { expect, test } from "@jest/globals";
import type { Admin } from "kafkajs";
import { poll, type Probe } from "../../../components/poll";
import { docker, logs } from "../../support/stack";
import type { Rig } from "../consumer/rig";

/** Makes a topic again. The broker deletes a topic some time after its answer, and refuses to make it until then. */
function made(admin: Admin, topic: string): Promise<void> {
  const look = async (): Promise<Probe<void>> => {
    const done = await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
    return done ? { done, value: undefined } : { done, seen: "the one before is still there" };
  };
  return poll(look, { what: `the topic ${topic} to be made`, deadlineMs: 30_000, intervalMs: 100 });
}

async function withAdmin(rig: Rig, work: (admin: Admin) => Promise<unknown>): Promise<void> {
  const admin = rig.kafka.admin();
  await admin.connect();
  await work(admin).finally(() => admin.disconnect());
}

async function ids(rig: Rig, table: string, last: number): Promise<unknown[]> {
  const changes = await rig.until(table, (held) => held.at(-1)?.after?.["id"] === last);
  return changes.map(({ after }) => after!["id"]);
}

function restarts(rig: Rig): Promise<string> {
  return docker("inspect", "--format", "{{.RestartCount}}", rig.container);
}

/** This is the last test of a stack: after it, each `up` first wants all rows to be read again. */
export function deletedTopic(rig: Rig): void {
  test("a topic that is deleted and made again is read from its beginning, by the same process", async () => {
    const topic = rig.topicOf("public.again");
    await rig.database.query("insert into again values (1), (2), (3)");
    expect(await ids(rig, "public.again", 3)).toEqual([1, 2, 3]);
    await rig.committedUpTo("public.again", 3);
    await withAdmin(rig, (admin) => admin.deleteTopics({ topics: [topic] }));
    await withAdmin(rig, (admin) => made(admin, topic));

    await rig.database.query("insert into again values (4), (5)");

    expect(await ids(rig, "public.again", 5)).toEqual([1, 2, 3, 4, 5]);
    await rig.healthy();
    expect(await restarts(rig)).toBe("0");
  }, 120_000);

  test("the next up says that it was deleted, and what has all rows read again", async () => {
    expect(await rig.stack.refusal("up", {})).toMatch(
      /Topic cdctest\.public\.again was deleted in Kafka: .* snapshot\.mode=when_needed has all rows read again/s,
    );
  }, 60_000);
}

/** Changes Kafka while a consumer runs. */
export function troubles(rig: Rig): void {
  test("records that are deleted unread are said to be lost, and the oldest that is left is the next", async () => {
    const topic = rig.topicOf("public.aged");
    await rig.database.query("insert into aged values (1)");
    await rig.committedUpTo("public.aged", 1);
    await docker("stop", rig.container);
    await rig.database.query("insert into aged values (2), (3), (4)");
    await rig.ends("public.aged", 4);
    await withAdmin(rig, async (admin) => {
      // kafkajs deletes records only of topics that it has asked about before.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: "3" }] });
    });
    await docker("start", rig.container);

    expect(await ids(rig, "public.aged", 4)).toEqual([4]);

    expect(await logs(rig.container)).toContain(
      `${topic} no longer has the offset to go on from: its records were deleted unread, or it was made anew. ` +
        "Going on from the oldest that it has",
    );
    await rig.healthy();
  }, 120_000);

  test("a broker that is away for longer than kafkajs tries is waited for, and nothing is lost or repeated", async () => {
    await rig.database.query("insert into waited values (1)");
    expect(await ids(rig, "public.waited", 1)).toEqual([1]);
    await rig.committedUpTo("public.waited", 1);
    const before = await restarts(rig);
    await docker("stop", rig.broker);
    await rig.database.query("insert into waited values (2), (3)");
    await rig.unhealthy("waiting for Kafka at kafka:9092");
    await docker("start", rig.broker);

    await rig.healthy();
    await rig.database.query("insert into waited values (4)");

    expect(await ids(rig, "public.waited", 4)).toEqual([1, 2, 3, 4]);
    expect(await restarts(rig)).toBe(before);
  }, 240_000);
}
