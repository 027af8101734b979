import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { Client } from "pg";
import { servicesOf } from "../../commands/look/containers-look";
import { poll } from "../../components/poll";
import { ConnectByHand } from "../support/stack/connect";
import { Feed, Ledger } from "../support/stack/feed";
import { COORDINATION, docker, TestStack } from "../support/stack";
import { recordsOf } from "../support/stack/topic";
import { rights } from "./lifecycle/rights";

/** Checks the connector's beginning and end: killed starts, a destroy of the connector alone, and one without a worker. */
const NAME = "customer-cdc";
const UP_MS = 240_000;
/** The options that docs/connector.md gives for removing the connector and all its traces, and nothing else. */
const CONNECTOR_ALONE = ["--target", "**:Connector::*", "--target", "**:Capture::*"];
const stack = new TestStack("lifecycle");
let connect: ConnectByHand;
let feed: Feed;
let client: Client;

beforeAll(async () => {
  await stack.create();
  const { connectPort, consumerPort } = stack.ports;
  connect = new ConnectByHand(`http://127.0.0.1:${connectPort}`);
  feed = new Feed(`http://127.0.0.1:${consumerPort}`);
  client = database();
}, 60_000);

afterAll(async () => {
  await client?.end();
  await stack.remove();
}, 120_000);

function database(): Client {
  const { postgresPort: port } = stack.ports;
  const own = new Client({ host: "127.0.0.1", port, user: "cdctest", password: "cdctest", database: "cdctest" });
  own.on("error", () => undefined);
  return own;
}

/** Whether the state notes that a resource of the type is being created. */
function isCreating(type: string): Promise<boolean> {
  return Promise.resolve(stack.state().pending.some((each) => each.type === "creating" && each.of === type));
}

/** The connector's slots, publications and roles in the database. */
async function traces(): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "select 'slot ' || slot_name as name from pg_replication_slots union all " +
      "select 'publication ' || pubname from pg_publication union all " +
      "select 'role ' || rolname from pg_roles where rolname = 'debezium' order by 1 desc",
  );
  return rows.map(({ name }) => name);
}

/** The last value of each of the connector's keys in Connect's topic of offsets. A null deletes the offset. */
async function offsets(): Promise<(string | null)[]> {
  const records = await recordsOf(`127.0.0.1:${stack.ports.kafkaPort}`, "cdc_connect_offsets");
  const last = new Map(records.map(({ key, value }) => [key, value]));
  return [...last].filter(([key]) => key?.includes(`"${NAME}"`)).map(([, value]) => value);
}

describe("a start that is killed, again and again", () => {
  test(
    "while topics are made, then while the connector is: the third one finishes, and nothing is there already",
    async () => {
      await stack.killed("up", () => isCreating("kafka:index/topic:Topic"));
      await stack.killed("start", async () => {
        const connectors = await connect.get<string[]>("/connectors").catch(() => undefined);
        return connectors?.includes(NAME) === true;
      });
      expect(await isCreating("pulumi-nodejs:dynamic/debezium:Connector")).toBe(true);
      await client.connect();
      await client.query("insert into public.customers (first_name) values ('written meanwhile')");

      // As the local backend leaves a sidecar file, its default, when it is killed while it writes one.
      writeFileSync(`${stack.stateFile}.attrs`, "");
      await expect(stack.pulumi("preview")).rejects.toThrow("failed to load checkpoint: EOF");
      const said = await stack.start();
      expect(said).not.toMatch(/already exists/i);
      expect(said).toMatch(/create {4}public\.customers .*alex/);
      expect(await connect.get("/connectors")).toEqual([NAME]);
      await connect.until(NAME, "RUNNING RUNNING");
      const meanwhile = await feed.arrived(({ after }) => after?.["first_name"] === "written meanwhile");
      expect(meanwhile.filter(({ after }) => after?.["first_name"] === "written meanwhile")).toHaveLength(1);
    },
    3 * UP_MS,
  );
});

describe("a destroy of the connector alone", () => {
  test(
    "leaves no slot, no offsets, no publication and no role; the rest goes on",
    async () => {
      // Connect writes offsets now and then. Without one, there would be nothing to delete.
      await poll<void>(
        async () =>
          (await offsets()).some((value) => value !== null)
            ? { done: true, value: undefined }
            : { done: false, seen: "none" },
        { what: "offsets of the connector", deadlineMs: 30_000 },
      );
      expect(await traces()).toEqual([
        "slot cdc_" + stack.name.replaceAll("-", "_") + "_customer_cdc",
        "role debezium",
        "publication debezium",
      ]);
      await stack.destroy(...CONNECTOR_ALONE);
      expect(await traces()).toEqual([]);
      expect(await connect.get(`/connectors/${NAME}/offsets`)).toBeUndefined();
      const left = await offsets();
      expect(left.length).toBeGreaterThan(0);
      expect(left.filter((value) => value !== null)).toEqual([]);
      expect((await docker("ps", "--filter", `label=cdc.stack=${stack.prefix}`, "--quiet")).split("\n")).toHaveLength(
        servicesOf(COORDINATION).length,
      );
    },
    UP_MS,
  );

  test(
    "lets the next up begin with a fresh snapshot",
    async () => {
      await client.query("insert into public.customers (first_name) values ('unheard of')");
      const after = await feed.newestId();
      await stack.up();
      const { rows } = await client.query("select * from public.customers order by id");
      const [first, ...found] = await feed.arrived(rows.length + 1, after);
      // The topic has the rows of before, some of which may be gone by now.
      expect(first).toMatchObject({ op: "truncate", table: "public.customers" });
      expect(found.map(({ op, after: row }) => [op, row])).toEqual(rows.map((row) => ["snapshot", row]));
      const ledger = await Ledger.open(() => client, feed);
      await ledger.write(3);
      expect(await ledger.reported()).toEqual(ledger.written);
    },
    UP_MS,
  );
});

describe("each container", () => rights(stack));

describe("a worker that is dead", () => {
  test(
    "is not waited for when the connector is destroyed; its slot goes all the same",
    async () => {
      await docker("rm", "--force", `${stack.prefix}-connect`);
      const said = await stack.destroy(...CONNECTOR_ALONE);
      expect(said).toMatch(/Kafka Connect at \S+ does not answer, so connector customer-cdc counts as gone with it/);
      const [, seconds] = /customer-cdc deleted \(([\d.]+)s\)/.exec(said) ?? [];
      expect(Number(seconds)).toBeLessThan(20);
      expect(await traces()).toEqual([]);
    },
    UP_MS,
  );

  test(
    "does not hold up the destroy of everything",
    async () => {
      await client.end();
      await stack.destroy();
      expect(await stack.objects()).toEqual([]);
    },
    UP_MS,
  );
});
