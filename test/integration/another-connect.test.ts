import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { feedOf } from "../../commands/stack/stack-outputs";
import { Feed } from "../support/stack/feed";
import { TestStack } from "../support/stack";
import { SomebodysWorld } from "./existing/world";

/** A stack on somebody else's Kafka and Postgres, whose connector goes from its own worker to somebody else's, and back. */
const stack = new TestStack("another-connect");
let world: SomebodysWorld;

beforeAll(async () => {
  await stack.remove();
  world = await SomebodysWorld.start(stack.prefix);
}, 900_000);

afterAll(async () => {
  await stack.remove();
  await world?.remove();
}, 120_000);

const insert = (id: number) => world.ask("billing", `INSERT INTO invoices VALUES (${id})`);
const slots = () => world.ask<{ slot_name: string }>("billing", "SELECT slot_name FROM pg_replication_slots");
async function records(): Promise<number> {
  const topic = (await world.topics()).find((name) => name.endsWith(".public.invoices"));
  return world.records(topic!);
}

const toOwn = ["connectUrl", "connectSecurity", "connectorConfig"];

test("the connector goes to another Kafka Connect and back with its offsets: no row is read again, and none is left out", async () => {
  await world.settle(stack, "billing", { tables: "public.invoices" });
  const theirs = await stack.pulumi("config", "get", "connectUrl");
  const security = await stack.pulumi("config", "get", "connectSecurity");
  await stack.pulumi("config", "rm", "connectUrl");
  await stack.pulumi("config", "rm", "connectSecurity");
  await stack.up();
  const feed = new Feed(feedOf(await stack.outputs()));
  await insert(2);
  await feed.arrived(({ after }) => after?.["id"] === 2);
  expect(await world.connectors()).toEqual([]);

  await stack.pulumi("config", "set", "--plaintext", "connectUrl", theirs.trim());
  await stack.pulumi("config", "set", "--secret", "connectSecurity", security.trim());
  await world.namePassword(stack);
  expect(await stack.pulumi("preview", "--non-interactive")).toContain("with its offsets: it goes on where it was");
  await stack.up();
  expect(await world.connectors()).toEqual(["customer-cdc"]);
  await insert(3);
  await feed.arrived(({ after }) => after?.["id"] === 3);

  for (const key of toOwn) await stack.pulumi("config", "rm", key);
  await stack.up();
  expect(await world.connectors()).toEqual([]);
  await insert(4);
  await feed.arrived(({ after }) => after?.["id"] === 4);
  // The snapshot of one row, and three changes.
  expect(await records()).toBe(4);
  expect(await slots()).toHaveLength(1);
}, 900_000);
