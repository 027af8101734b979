import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { servicesOf } from "../../commands/look/containers-look";
import { clientsOf } from "../support/stack/clients";
import { COORDINATION, docker, TestStack } from "../support/stack";
import { secondClone } from "./engine/second-clone";

/** Does what may happen to a laptop's Docker engine between two starts. Each time, one `npm start` ends with the demo's changes. */
const UP_MS = 240_000;
const DEMO = /delete {4}public\.customers .*john/;
const stack = new TestStack("engine");

beforeAll(async () => {
  await stack.create();
  await stack.start();
}, 900_000);

afterAll(() => stack.remove(), 120_000);

const named = (...roles: string[]) => roles.map((role) => `${stack.prefix}-${role}`);
const CONTAINERS = servicesOf(COORDINATION);
const BROKERS = CONTAINERS.filter((role) => role === "kafka" || role === "zookeeper");

async function customers(): Promise<string[]> {
  const { client } = await clientsOf(stack);
  try {
    const { rows } = await client.query<{ first_name: string }>("select first_name from public.customers order by id");
    return rows.map(({ first_name }) => first_name);
  } finally {
    await client.end();
  }
}

test(
  "all containers stopped, the network pruned: the rows are still there",
  async () => {
    const { client } = await clientsOf(stack);
    await client.query("insert into public.customers (first_name) values ('kept')");
    await client.end();
    await docker("stop", "--time", "2", ...named(...CONTAINERS));
    expect(await stack.start()).toMatch(DEMO);
    expect(await customers()).toEqual(["kept"]);

    await docker("stop", "--time", "2", ...named(...CONTAINERS));
    await docker("network", "rm", ...named("net"));
    const said = await stack.start();
    expect(said).toMatch(DEMO);
    expect(await customers()).toEqual(["kept"]);
  },
  UP_MS,
);

test(
  "the broker's volume lost: refused by a plain up, also where the engine has made an empty one; a start captures the rows anew",
  async () => {
    await docker("rm", "--force", ...named("kafka"));
    await docker("volume", "rm", ...named("kafka-data"));
    await expect(stack.up()).rejects.toThrow(
      /-kafka-data is a Docker volume of this stack that the engine has no more/,
    );
    // As the engine does for a container that uses the volume.
    await docker("volume", "create", ...named("kafka-data"));
    await expect(stack.pulumi("preview")).rejects.toThrow(/`npm start` makes anew what was lost/);
    expect(await stack.start()).toMatch(DEMO);
    const { feed, client } = await clientsOf(stack);
    await client.end();
    const [first] = await feed.arrived(1, 0, "public.customers");
    expect([first!.op, first!.after!["first_name"]]).toEqual(["snapshot", "kept"]);
  },
  UP_MS,
);

test(
  "the database's volume lost alone: one sentence, and the topics stay until somebody says so",
  async () => {
    await docker("rm", "--force", ...named("postgres"));
    await docker("volume", "rm", ...named("postgres-data"));
    await expect(stack.pulumi("preview")).rejects.toThrow(
      /postgres-data is a Docker volume.*`npm stop` takes them away as well/s,
    );
    await expect(stack.start()).rejects.toThrow(/postgres-data is gone.*`npm stop` takes them away as well/s);
    expect(await stack.objects()).toContain(named("kafka-data")[0]);
  },
  UP_MS,
);

test(
  "everything lost, as with a new engine: a stack as on the first day",
  async () => {
    await docker("rm", "--force", ...named(...BROKERS, "connect", "consumer"));
    await docker("volume", "rm", ...named(...BROKERS.map((role) => `${role}-data`), "consumer-state"));
    await docker("network", "rm", ...named("net"));
    expect(await stack.start()).toMatch(DEMO);
    expect(await customers()).toEqual([]);
  },
  UP_MS,
);

describe("a second clone", () => secondClone(stack));
