import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { runChild } from "../../commands/processes/child";
import { clientsOf } from "../support/stack/clients";
import { docker, TestStack } from "../support/stack";

/** Images of Postgres that start as root and then change the user, with both folders that official images have used for data. */
const UP_MS = 240_000;
const DEMO = /delete {4}public\.customers .*john/;
const stack = new TestStack("official");
const postgres = `${stack.prefix}-postgres`;
const BEFORE_18 = `${stack.prefix}:before-18`;
let version: string;
const FROM_18 = `${stack.prefix}:from-18`;

beforeAll(async () => {
  // Our own image has the parts of which the two are made. A postgresVersion beside a postgresImage would be refused.
  await stack.create({ postgresVersion: "17" });
  await stack.start();
  const ours = await docker("inspect", "--format", "{{.Config.Image}}", postgres);
  version = await docker("exec", postgres, "sh", "-c", 'basename "$PGDATA"');
  await build(ours, BEFORE_18, "/var/lib/postgresql/data", "/var/lib/postgresql/data");
  await build(ours, FROM_18, "/var/lib/postgresql", `/var/lib/postgresql/${version}/docker`);
}, 900_000);

afterAll(async () => {
  await stack.remove();
  await docker("image", "rm", "--force", BEFORE_18, FROM_18);
}, 120_000);

function build(ours: string, name: string, place: string, cluster: string): Promise<string> {
  const values = [`OURS=${ours}`, `PLACE=${place}`, `CLUSTER=${cluster}`, `MAJOR=${version}`].flatMap((value) => [
    "--build-arg",
    value,
  ]);
  return docker("build", "--quiet", "--tag", name, ...values, "test/support/database/official-postgres");
}

async function customers(): Promise<string[]> {
  const { client } = await clientsOf(stack);
  try {
    const { rows } = await client.query<{ first_name: string }>("select first_name from public.customers order by id");
    return rows.map(({ first_name }) => first_name);
  } finally {
    await client.end();
  }
}

async function insert(name: string): Promise<void> {
  const { client } = await clientsOf(stack);
  await client.query("insert into public.customers (first_name) values ($1)", [name]).finally(() => client.end());
}

const set = (key: string, value: string) => stack.pulumi("config", "set", key, value);
const stop = () =>
  runChild(process.execPath, ["toolchain/run.mjs", "commands/stop.ts"], {
    env: { ...process.env, ...stack.environment },
  });

test(
  "an image whose server would not see the cluster is refused by name, and nothing is changed",
  async () => {
    const container = await docker("inspect", "--format", "{{.Id}}", postgres);
    await insert("kept");
    for (const command of ["preview", "up"] as const) {
      const said = await stack.refusal(command, { postgresImage: BEFORE_18 });
      expect(said).toContain(
        `cdc:postgresImage "${BEFORE_18}" brings PostgreSQL ${version}, which looks for its cluster in the volume ` +
          `${postgres}-data, and that holds the cluster of PostgreSQL ${version} in ${version}: it would not be read`,
      );
    }
    // Somebody removes the container, and not its volume.
    await docker("rm", "--force", postgres);
    expect(await stack.refusal("preview", { postgresImage: FROM_18 })).toContain(
      `looks for its cluster in ${version}/docker of`,
    );
    expect(await stack.start()).toMatch(DEMO);
    expect(await docker("inspect", "--format", "{{.Id}}", postgres)).not.toBe(container);
    expect(await customers()).toEqual(["kept"]);
  },
  2 * UP_MS,
);

test(
  "the way that the refusal names takes the rows along",
  async () => {
    const dump = await docker(
      ...[
        "exec",
        postgres,
        "pg_dump",
        "--username=cdctest",
        "--exclude-schema=debezium",
        "--no-publications",
        "cdctest",
      ],
    );
    await stop();
    expect(await stack.objects()).toEqual([]);
    const folder = join(stack.initFolder, "rows");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "dump.sql"), `${dump}\n`);
    await set("initFolder", folder);
    await set("postgresImage", BEFORE_18);
    expect(await stack.start()).toMatch(DEMO);
    expect(await customers()).toEqual(["kept"]);
  },
  2 * UP_MS,
);

test(
  "before 18: a start, a restart, another start; nothing differs for preview and refresh",
  async () => {
    expect(await stack.pulumi("preview")).not.toMatch(/\d to (create|update|replace|delete)/);
    await stack.pulumi("refresh", "--yes", "--skip-preview");
    expect(await stack.pulumi("preview")).not.toMatch(/\d to (create|update|replace|delete)/);
    await docker("restart", postgres);
    await docker("rm", "--force", postgres);
    expect(await stack.start()).toMatch(DEMO);
    expect(await customers()).toEqual(["kept"]);
  },
  2 * UP_MS,
);

test(
  "another password is refused until the database has it, and nothing is changed",
  async () => {
    const container = await docker("inspect", "--format", "{{.Id}}", postgres);
    await stack.pulumi("config", "set", "--secret", "password", "another");
    const said = await stack.refusal("up", {});
    expect(said).toContain("cdc:password is not the password of cdctest in the database");
    expect(await docker("inspect", "--format", "{{.Id}}", postgres)).toBe(container);
    await docker("exec", postgres, "psql", "-U", "cdctest", "-c", "alter role cdctest password 'another'", "cdctest");
    expect(await stack.start()).toMatch(DEMO);
  },
  UP_MS,
);

test(
  "back to ours, or on to the place of 18: refused; after npm stop both start",
  async () => {
    expect(await stack.refusal("up", { postgresImage: "" })).toMatch(
      /cdc:postgresVersion "\d+" brings PostgreSQL \d+, which looks for its cluster in \d+ of/,
    );
    expect(await stack.refusal("up", { postgresImage: FROM_18 })).toContain(
      `and that holds the cluster of PostgreSQL ${version}:`,
    );
    await stop();
    expect(await stack.objects()).toEqual([]);
    await set("postgresImage", FROM_18);
    expect(await stack.start()).toMatch(DEMO);
    await insert("later");
    await docker("restart", postgres);
    await docker("rm", "--force", postgres);
    expect(await stack.start()).toMatch(DEMO);
    expect(await customers()).toEqual(["kept", "later"]);
    await stop();
    expect(await stack.objects()).toEqual([]);
  },
  3 * UP_MS,
);

test(
  "an image that cannot be had is told before anything is made",
  async () => {
    const said = await stack.refusal("preview", { postgresImage: "localhost:1/no/such:1" });
    expect(said).toContain(
      'cdc:postgresImage is "localhost:1/no/such:1", which the engine does not have and could not pull',
    );
    expect(await stack.objects()).toEqual([]);
  },
  UP_MS,
);
