import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { runChild } from "../../commands/processes/child";
import { FakeConnect } from "../support/fake-connect";

/** What the compiler is to find wrong. */
const WRONG = `import { DebeziumConnector } from "cdc/connector";
// @ts-expect-error It is called connectUrl.
new DebeziumConnector("orders", { url: "http://127.0.0.1:8083", connectorName: "orders", config: {} });
`;

/** The package as `npm run package` makes it, installed into an empty project with a program that uses it. */
describe("a program elsewhere that has the package from a tarball", () => {
  let connect: FakeConnect;
  const folder = mkdtempSync(join(tmpdir(), "cdc-library-"));
  const env = {
    ...process.env,
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_STACK: "dev",
  };
  const run = (command: string, ...args: string[]) => runChild(command, args, { env, cwd: folder });
  const pulumi = (...args: string[]) => run("pulumi", ...args, "--non-interactive");

  beforeAll(async () => {
    connect = await FakeConnect.start();
    connect.knowsAll = true;
    // As of one that streams: `up` waits for it where it has no way into the database.
    connect.offsets = [{ partition: { server: "shop" }, offset: { lsn: 1 } }];
    writeFileSync(join(folder, "wrong.ts"), WRONG);
    const tarball = (await runChild(process.execPath, ["library/pack.mjs"])).trim();
    for (const file of ["index.ts", "Pulumi.yaml"]) cpSync(join("examples/existing-cluster", file), join(folder, file));
    mkdirSync(join(folder, "state"));
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
      dependencies: Record<string, string>;
    };
    const versions = { cdc: `file:${tarball}`, "@pulumi/pulumi": dependencies["@pulumi/pulumi"] };
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "orders", dependencies: versions }));
    // As Pulumi's template for TypeScript has it.
    const compilerOptions = {
      strict: true,
      target: "es2020",
      module: "commonjs",
      moduleResolution: "node",
      noEmit: true,
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts", "wrong.ts"] }));
    await run("npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--omit=optional");
    await pulumi("stack", "init", "dev");
    await pulumi("config", "set", "connectUrl", connect.url);
  }, 120_000);
  afterAll(async () => {
    await connect.vanish();
    rmSync(folder, { recursive: true, force: true });
  });

  test("has types for every argument", async () => {
    const tsc = join(process.cwd(), "node_modules/typescript/bin/tsc");
    const types = ["--typeRoots", join(process.cwd(), "node_modules/@types"), "--types", "node"];
    await run(process.execPath, tsc, "-p", folder, ...types);
  }, 60_000);

  test("takes over the connector of that name, shows nothing in a preview after it, and takes it away with a destroy", async () => {
    connect.add("orders", {
      "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
      "topic.prefix": "made-by-hand",
    });
    expect(await pulumi("up", "--yes", "--skip-preview")).toMatch(/orders created/);
    expect(connect.connectors.get("orders")).toMatchObject({
      state: "RUNNING",
      config: { "topic.prefix": "shop", "slot.name": "orders" },
    });
    expect(connect.requests).not.toContain("DELETE /connectors/orders");
    await pulumi("preview", "--expect-no-changes");
    await pulumi("destroy", "--yes", "--skip-preview");
    expect([...connect.connectors.keys()]).toEqual([]);
  }, 90_000);
});
