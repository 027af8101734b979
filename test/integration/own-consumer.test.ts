import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Kafka, logLevel } from "kafkajs";
import { Client } from "pg";
import { runChild } from "../../commands/processes/child";
import { poll } from "../../components/poll";
import { docker, TestStack } from "../support/stack";
import { recordsOf } from "../support/stack/topic";

/** A stack whose changes other programs read: first no consumer of the stack, then the examples in other languages. */
const EXAMPLES: Record<string, () => Promise<string>> = {
  python: () => image("python", "examples/python"),
  ...(has("go") && { go: builtWithGo }),
};
const TABLE = "public.customers";
/** Where topics begin to which transforms might send records. */
const ROUTED = "routed";
const stack = new TestStack("own-consumer");
const container = `${stack.prefix}-consumer`;
let client: Client;
const images: string[] = [];

interface Line {
  op: string;
  key: unknown;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

beforeAll(async () => {
  await stack.create({ consumer: "none" });
  await stack.up();
  client = new Client({ connectionString: (await stack.outputs()).databaseUrl });
  await client.connect();
}, 900_000);

afterAll(async () => {
  await client?.end();
  await stack.remove();
  if (images.length > 0) await docker("image", "rm", "--force", ...images);
}, 120_000);

test("with none there is no container of it, the changes are in Kafka, and npm start and status miss nothing", async () => {
  const outputs = await stack.outputs();
  expect(outputs).not.toHaveProperty("feedUrl");
  expect(await docker("ps", "--all", "--filter", `name=${container}`, "--quiet")).toBe("");
  await client.query(`insert into ${TABLE} (first_name) values ('ada')`);
  const value = await poll<string>(
    async () => {
      const records = await recordsOf(outputs.bootstrapServers, `cdctest.${TABLE}`);
      const last = records.at(-1)?.value;
      return last ? { done: true, value: last } : { done: false, seen: "no record" };
    },
    { what: "the record of the row", deadlineMs: 30_000 },
  );
  expect(JSON.parse(value)).toMatchObject({ op: "c", after: { first_name: "ada" } });
  const said = await stack.start();
  expect(said).toContain("The demo was left out: cdc:consumer is not the project's own consumer.");
  expect(await status()).toMatchObject({ healthy: true });
}, 120_000);

test.each(Object.entries(EXAMPLES))(
  "an image of one's own gets what it needs to know: the example in %s reads each change once, and status knows how far",
  async (language, build) => {
    await stack.pulumi("config", "set", "consumer", await build());
    await stack.up();
    expect(await stack.outputs()).toMatchObject({ consumerUrl: `http://localhost:${stack.ports.consumerPort}` });
    await client.query(`insert into ${TABLE} (first_name) values ($1)`, [language]);
    await client.query(`update ${TABLE} set email = 'me@example.com' where first_name = $1`, [language]);
    await client.query(`delete from ${TABLE} where first_name = $1`, [language]);
    const lines = await printed(language, 3);
    expect(lines.map(({ op, before, after }) => [op, before?.["email"], after?.["email"]])).toEqual([
      ["create", undefined, null],
      ["update", null, "me@example.com"],
      ["delete", "me@example.com", undefined],
    ]);
    const health = await fetch(`http://127.0.0.1:${stack.ports.consumerPort}/healthz`);
    expect(health.status).toBe(200);
    // A stop commits and leaves the group. The next start goes on at the same place.
    await docker("stop", container);
    expect(await docker("inspect", "--format", "{{.State.ExitCode}}", container)).toBe("0");
    await docker("start", container);
    await client.query(`insert into ${TABLE} (first_name) values ($1)`, [language]);
    expect((await printed(language, 4)).map(({ op }) => op)).toEqual(["create", "update", "delete", "create"]);
    await poll<void>(
      async () => {
        const { healthy, topics } = await status();
        const behind = topics.filter(({ topic }) => topic.endsWith(TABLE)).map(({ behind }) => behind);
        const done = healthy && behind.join() === "0";
        return done ? { done, value: undefined } : { done, seen: `${healthy} ${behind.join()}` };
      },
      { what: "all records to be committed", deadlineMs: 30_000 },
    );
  },
  400_000,
);

test("an image that was built again under its name is told, and taken by the next up", async () => {
  const name = images.at(-1)!;
  const idOf = (what: string, format: string) => docker("inspect", "--format", format, what);
  const before = await idOf(name, "{{.Id}}");
  const folder = join(stack.initFolder, "..", "again");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "Dockerfile"), `FROM ${name}\nLABEL again=1\n`);
  await docker("build", "--quiet", "--tag", name, folder);
  expect(await idOf(name, "{{.Id}}")).not.toBe(before);
  expect(await stack.pulumi("preview")).toContain(`The image ${name} is another one than that of ${container}`);
  await stack.up();
  // The image's label: with containerd's image store, the engine gives a container and its image different ids.
  expect(await idOf(container, '{{index .Config.Labels "again"}}')).toBe("1");
  expect(await stack.pulumi("preview")).not.toContain("is another one than that of");
}, 200_000);

test("with exactly once the examples read committed changes, and not the ends of transactions between them", async () => {
  await stack.pulumi("config", "set", "exactlyOnce", "true");
  for (const [index, language] of Object.keys(EXAMPLES).entries()) {
    await stack.pulumi("config", "set", "consumer", images[index]!);
    await stack.up();
    const name = `${language} in transactions`;
    for (const number of [1, 2, 3])
      await client.query(`insert into ${TABLE} (first_name, email) values ($1, $2)`, [name, `${number}@example.com`]);
    const emails = (await printed(name, 3)).map(({ after }) => after?.["email"]);
    expect(emails).toEqual(["1@example.com", "2@example.com", "3@example.com"]);
    expect(await docker("inspect", "--format", "{{.RestartCount}}", container)).toBe("0");
  }
}, 600_000);

test.each(Object.keys(EXAMPLES))(
  "the example in %s reads a topic that comes to exist later, whatever its records are, but for dead letters, and ends by Ctrl-C",
  async (language) => {
    const name = images[Object.keys(EXAMPLES).indexOf(language)]!;
    const by = `${stack.prefix}-by-hand`;
    const { bootstrapServers } = await stack.outputs();
    const text = await docker("inspect", "--format", "{{json .Config.Env}}", container);
    const env = (JSON.parse(text) as string[]).filter((pair) => !/^KAFKA_(GROUP_ID|FURTHER|DEAD)/.test(pair));
    const further = [
      ...[`KAFKA_GROUP_ID=by-hand-${language}`, `KAFKA_FURTHER_TOPICS=${ROUTED}.*`],
      `KAFKA_DEAD_LETTER_TOPIC=${ROUTED}.letters`,
    ];
    await docker(
      ...["run", "--detach", "--name", by, "--label", stack.label, "--network", `${stack.prefix}-net`],
      ...[...env, ...further].flatMap((pair) => ["--env", pair]),
      name,
    );
    try {
      // It has read the tables' topics by now, and looks for further ones.
      await printed("ada", 1, { from: by });
      const value = JSON.stringify({ op: "c", after: { first_name: language } });
      await send(bootstrapServers, `${ROUTED}.letters`, "no JSON");
      // As an outbox's payload comes. It is no change, and the record behind it is read.
      await send(bootstrapServers, `${ROUTED}.${language}`, JSON.stringify('{"total": 3}'));
      await send(bootstrapServers, `${ROUTED}.${language}`, value);
      expect((await printed(language, 1, { from: by, topic: ROUTED })).map(({ op }) => op)).toEqual(["create"]);
      await docker("kill", "--signal", "INT", by);
      expect(await docker("wait", by)).toBe("0");
    } finally {
      await docker("rm", "--force", by);
    }
  },
  200_000,
);

function has(command: string): boolean {
  return spawnSync(command, ["version"]).status === 0;
}

async function image(language: string, context: string): Promise<string> {
  const name = `cdc-test/${language}-consumer:${stack.name}`;
  await docker("build", "--quiet", "--tag", name, context);
  images.push(name);
  return name;
}

/** Builds the program with the command in its Dockerfile. */
async function builtWithGo(): Promise<string> {
  const context = join(stack.initFolder, "..", "go");
  mkdirSync(context, { recursive: true });
  copyFileSync("examples/go/Dockerfile", join(context, "Dockerfile"));
  const args = ["-C", "examples/go", "build", "-o", join(context, "consumer"), "."];
  await runChild("go", args, { env: { ...process.env, CGO_ENABLED: "0" } });
  return image("go", context);
}

/** Makes the topic with its first record. */
async function send(bootstrapServers: string, topic: string, value: string): Promise<void> {
  const kafka = new Kafka({ brokers: [bootstrapServers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const producer = kafka.producer();
  try {
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
    await producer.connect();
    await producer.send({ topic, messages: [{ key: "1", value }] });
  } finally {
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  }
}

/** The lines of the rows with that name, once there are `count`. */
function printed(name: string, count: number, { from = container, topic = TABLE } = {}): Promise<Line[]> {
  return poll<Line[]>(
    async () => {
      const text = await docker("logs", from);
      const lines = text
        .split("\n")
        .filter((line) => line.includes(topic) && line.startsWith("{"))
        .map((line) => JSON.parse(line) as Line)
        .filter(({ before, after }) => (after ?? before)?.["first_name"] === name);
      return lines.length >= count ? { done: true, value: lines } : { done: false, seen: text.slice(-500) };
    },
    { what: `${count} changes to be printed`, deadlineMs: 60_000 },
  );
}

async function status(): Promise<{ healthy: boolean; topics: { topic: string; behind: number }[] }> {
  const { environment } = stack;
  const args = ["toolchain/look.mjs", "status", "--json"];
  return JSON.parse(await runChild(process.execPath, args, { env: { ...process.env, ...environment } })) as never;
}
