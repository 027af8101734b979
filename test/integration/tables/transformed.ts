import { expect, test } from "@jest/globals";
import type { Client } from "pg";
import { poll } from "../../../components/poll";
import type { TestStack } from "../../support/stack";
import { writtenTo } from "../../support/stack/topic";

const UP_MS = 300_000;
const ROWS = 150_000;
const config = (key: string): string => `connectorConfig["${key}"]`;
const KAFKAS = "org.apache.kafka.connect.transforms";

/** Added tables without a key, whose records transforms rename or drop. */
export function transformed(stack: TestStack, client: () => Client, bootstrapServers: () => string): void {
  const make = async (table: string): Promise<void> => {
    await client().query(`create table ${table} (id int, filler text)`);
    await client().query(`insert into ${table} select g, g::text from generate_series(1, ${ROWS}) g`);
  };
  const transforms = {
    transforms: "renamed,dropped",
    predicates: "isDropped",
    "transforms.dropped.type": `${KAFKAS}.Filter`,
    "transforms.dropped.predicate": "isDropped",
    "predicates.isDropped.type": `${KAFKAS}.predicates.TopicNameMatches`,
    "predicates.isDropped.pattern": String.raw`shop\..*dropped`,
    "transforms.renamed.type": `${KAFKAS}.RegexRouter`,
    "transforms.renamed.regex": "(.*)",
    "transforms.renamed.replacement": "shop.$1",
  };
  const settings = (tables: string): Record<string, string> => ({
    tables,
    ...Object.fromEntries(Object.entries(transforms).map(([key, value]) => [config(key), value])),
  });
  const moved = (): Promise<number> => writtenTo(bootstrapServers(), "shop.cdctest.public.renamed");
  const until = (what: string, holds: () => Promise<boolean>): Promise<void> =>
    poll<void>(async () => ((await holds()) ? { done: true, value: undefined } : { done: false, seen: "not yet" }), {
      what,
      deadlineMs: 120_000,
      intervalMs: 20,
    });

  test(
    "renamed: an up that is killed meanwhile has its rows read once; the next one follows them",
    async () => {
      await make("renamed");
      await stack.with(settings("public.customers,public.renamed"), async () => {
        await stack.killed("up", async () => (await moved()) > ROWS / 10);
        await stack.pulumi("cancel", "--yes");
        const said = await stack.up();
        expect(said).toContain(`Existing rows read: public.renamed (${ROWS}).`);
        expect(said).not.toMatch(/no TRUNCATE could be/);
        await until("all rows", async () => (await moved()) >= ROWS);
        expect(await moved()).toBe(ROWS);
      });
    },
    UP_MS,
  );

  test(
    "dropped: the up ends when its rows are read, none of which is in a topic",
    async () => {
      await make("dropped");
      await stack.with(settings("public.customers,public.renamed,public.dropped"), async () => {
        expect(await stack.up()).toContain(`Existing rows read: public.dropped (${ROWS}).`);
        expect(await writtenTo(bootstrapServers(), "shop.cdctest.public.dropped")).toBe(0);
      });
    },
    UP_MS,
  );
}
