import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { parse } from "yaml";
import { allDeclared } from "../support/program/mocks";
import { plain } from "../support/program/plain-secrets";

// The test must not depend on this machine's engine and ports.
jest.mock("../../components/preflight/preflight", () => ({
  preflight: () =>
    Promise.resolve({ present: new Set(), postgres: { dataPath: "/var/lib/postgresql/data", capabilities: [] } }),
}));

const GOLDEN = "test/program/resources.golden.txt";

interface Recorded {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

const recorded: Recorded[] = [];
/** For each resource, those that the engine deletes only after it. */
const before = new Map<string, string[]>();
/** The parent of each resource, and its name in earlier stacks. */
const parents = new Map<string, string>();
const aliases = new Map<string, string>();
let outputs: Record<string, unknown>;
const info = jest.spyOn(pulumi.log, "info").mockResolvedValue();

/** Runs the whole program under mocks, with the defaults of Pulumi.yaml as the engine passes them. */
beforeAll(async () => {
  const project = parse(readFileSync("Pulumi.yaml", "utf8")) as { config: Record<string, { default: unknown }> };
  const defaults = Object.entries(project.config).map(([key, { default: value }]) => [`cdc:${key}`, String(value)]);
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        recorded.push({ type, name, inputs });
        return { id: id || `${name}-id`, state: { ...inputs, ...knownAfterwards(type, inputs) } };
      },
      call: ({ token }) => {
        // The state of a new stack is empty.
        if (token === "pulumi:pulumi:readStackResourceOutputs") return { outputs: {} };
        throw new Error(`unexpected call of ${token}`);
      },
    },
    "cdc",
    "dev",
    true,
    "organization",
  );
  const registered = jest.spyOn(MockMonitor.prototype, "registerResource");
  pulumi.runtime.setAllConfig(Object.fromEntries(defaults));
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const program = require("../../index") as () => Promise<Record<string, unknown>>;
  outputs = await program();
  await allDeclared();
  for (const [request] of registered.mock.calls as [RegisterRequest, unknown][]) {
    const urns = [
      request.getParent(),
      request.getProvider(),
      request.getDeletedwith(),
      ...request.getDependenciesList(),
    ];
    const label = `${request.getType()} ${request.getName()}`;
    before.set(label, urns.filter((urn) => urn !== "").map(labelOf));
    if (request.getParent() !== "") parents.set(label, labelOf(request.getParent()));
    for (const alias of request.getAliasesList()) aliases.set(label, alias.getSpec().getName());
  }
});

type RegisterRequest = Record<`get${"Type" | "Name" | "Parent" | "Provider" | "Deletedwith"}`, () => string> & {
  getDependenciesList(): string[];
  getAliasesList(): { getSpec(): { getName(): string } }[];
};

/** Pure: `docker:index/volume:Volume kafka-data`, of a URN or a provider's reference, which has an id at its end. */
function labelOf(urn: string): string {
  const [, , types, name] = urn.split("::");
  return `${types!.split("$").at(-1)} ${name}`;
}

function knownAfterwards(type: string, inputs: Record<string, unknown>): Record<string, unknown> {
  return type.endsWith("Capture") ? { captured: inputs["tables"], generated: [], tableIds: {} } : {};
}

test("the broker deletes no dead letter for its age, nor the mark that it was sent back", () => {
  const config = (topic: string) => recorded.find(({ name }) => name === topic)?.inputs["config"];
  for (const topic of ["cdctest.dead-letters", "cdctest.dead-letters-retry"]) {
    expect(config(topic)).toEqual({ "cleanup.policy": "delete", "retention.ms": "-1" });
  }
  expect(config("cdctest.public.customers")).toEqual({ "cleanup.policy": "delete" });
});

test("says of each image that it is built, since no engine with images was asked", () => {
  expect(info.mock.calls.map(([message]) => /built from (\w+\/\w+)/.exec(message)?.[1])).toEqual([
    "images/kafka",
    "images/postgres",
    "dist/consumer",
  ]);
});

test("declares the resources of the golden file", () => {
  // The last part of an image's name is a hash of its content.
  const list = recorded.map(({ type, name }) => `${type} ${name.replace(/-[0-9a-f]{12}$/, "-<content>")}`).sort();
  const text = `${list.join("\n")}\n`;
  if (process.env["UPDATE_GOLDEN"]) writeFileSync(GOLDEN, text);
  // A review should see each difference: `UPDATE_GOLDEN=1 npm test` writes the file again.
  expect(text).toBe(readFileSync(GOLDEN, "utf8"));
});

test("every part that stood at the top of a stack of 0.1.0 is known by its name there, and all else by its parent", () => {
  const parts = [...aliases].filter(([label]) => parents.get(label) === "cdc:index:Pipeline cdc");
  expect(Object.fromEntries(parts)).toEqual({
    "cdc:index:Credentials cdc-credentials": "credentials",
    "cdc:index:Image cdc-kafka": "kafka",
    "cdc:index:Image cdc-postgres": "postgres",
    "cdc:index:Image cdc-consumer": "consumer",
    "cdc:index:Network cdc-network": "network",
    "cdc:index:Postgres cdc-postgres": "postgres",
    "cdc:index:ZooKeeper cdc-zookeeper": "zookeeper",
    "cdc:index:Kafka cdc-kafka": "kafka",
    "cdc:index:Connect cdc-connect": "connect",
    "cdc:index:Topics cdc-topics": "topics",
    "cdc:index:Consumer cdc-consumer": "consumer",
    "pulumi:providers:pulumi-nodejs cdc-dynamic": "dynamic",
    "pulumi-nodejs:dynamic/postgres:Capture cdc-capture": "capture",
    "pulumi-nodejs:dynamic/debezium:Connector customer-cdc": "customer-cdc",
  });
  const capture = recorded.find(({ type }) => type.endsWith("Capture"))!;
  expect(capture.inputs["owner"]).toBe("cdc-dev/capture");
});

test("gives the documented outputs", () => {
  expect(Object.keys(outputs).sort()).toEqual(
    ["bootstrapServers", "connectToken", "connectUrl", "connectorState", "databaseUrl", "feedUrl", "topics"].sort(),
  );
});

test.each(["databaseUrl", "connectToken"])("keeps %s a secret", async (output) => {
  expect(await pulumi.isSecret(outputs[output] as pulumi.Output<string>)).toBe(true);
});

test("makes random words for the role and for Kafka Connect, and no container's own settings hold one", () => {
  const connector = recorded.find(({ type }) => type.endsWith("debezium:Connector"))!;
  const { connectToken: token, database } = plain(connector.inputs) as {
    connectToken: string;
    database: { password: string };
  };
  const { password } = database;
  for (const word of [token, password]) expect(word).toMatch(/^[0-9a-f]{48}$/);
  expect(token).not.toBe(password);
  for (const { inputs } of recorded.filter(({ type }) => type === "docker:index/container:Container")) {
    const { uploads: _files, ...seen } = inputs;
    for (const word of [token, password]) expect(JSON.stringify(seen)).not.toContain(word);
  }
});

test("runs every container without rights, with bounded memory, processes and logs, on loopback only", () => {
  const containers = recorded.filter(({ type }) => type === "docker:index/container:Container");
  expect(containers).toHaveLength(5);
  for (const { inputs } of containers) {
    expect(inputs).toMatchObject({
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges"],
      ulimits: [{ name: "nproc", soft: 8192, hard: 8192 }],
      restart: "unless-stopped",
      logOpts: { "max-size": "10m", "max-file": "3" },
    });
    expect(inputs["memory"]).toBe(inputs["memorySwap"]);
    for (const port of inputs["ports"] as { ip: string }[]) expect(port.ip).toBe("127.0.0.1");
  }
});

test("what no file is uploaded into has a root file system that is read-only, and each place to write to is named", () => {
  const places = recorded
    .filter(({ type }) => type === "docker:index/container:Container")
    .map(({ name, inputs }) => {
      const volumes = (inputs["volumes"] as { containerPath: string }[]).map(({ containerPath }) => containerPath);
      return [name, inputs["readOnly"], ...volumes, ...Object.keys(inputs["tmpfs"] ?? {})];
    });
  expect(places.sort()).toEqual([
    ["cdc-connect-container", false, "/tmp"],
    ["cdc-consumer-container", false, "/var/lib/consumer"],
    ["cdc-kafka-container", true, "/kafka/data", "/tmp"],
    ["cdc-postgres-container", false, "/var/lib/postgresql/data"],
    ["cdc-zookeeper-container", true, "/zookeeper/data", "/tmp"],
  ]);
});

test("shows the containers, and only them, to other tools as one group: a volume with other labels would be made again", () => {
  const labels = recorded.flatMap(({ name, inputs }) =>
    ((inputs["labels"] ?? []) as { label: string; value: string }[]).map(({ label, value }) => [name, label, value]),
  );
  const services = labels.filter(([, label]) => label === "com.docker.compose.service");
  expect(services.map(([name, , service]) => `${name} ${service}`).sort()).toEqual([
    "cdc-connect-container connect",
    "cdc-consumer-container consumer",
    "cdc-kafka-container kafka",
    "cdc-postgres-container postgres",
    "cdc-zookeeper-container zookeeper",
  ]);
  const others = labels.filter(([name]) => !name!.endsWith("-container"));
  expect(new Set(others.map(([, label, value]) => `${label}=${value}`))).toEqual(new Set(["cdc.stack=cdc-dev"]));
  const project = labels.filter(([, label]) => label === "com.docker.compose.project");
  expect(project.map(([, , value]) => value)).toEqual(Array(5).fill("cdc-dev"));
});

test("puts the password into no environment variable and no argument", () => {
  for (const { name, inputs } of recorded.filter(({ type }) => type.includes("container"))) {
    const visible = JSON.stringify([inputs["command"], inputs["envs"] ?? []]);
    expect([name, /PASSWORD=|password=/.test(visible)]).toEqual([name, false]);
  }
});

test("a destroy waits once for who writes and reads, and then for everything else together", () => {
  // The length of the longest way from a resource to one that needs nothing, as the engine's scheduler sees it.
  const depthOf = (label: string): number => {
    const depths = (before.get(label) ?? []).map(depthOf);
    return 1 + Math.max(0, ...depths);
  };
  const depths = (...labels: string[]) => [...new Set(labels.map(depthOf))];
  const container = (role: string) => `docker:index/container:Container cdc-${role}-container`;

  const [last, ...others] = depths(
    ...["postgres", "kafka", "zookeeper"].map(container),
    ...["cdc-postgres-data", "cdc-kafka-data", "cdc-zookeeper-data", "cdc-consumer-state"].map(
      (name) => `docker:index/volume:Volume ${name}`,
    ),
    "docker:index/network:Network cdc-network-bridge",
  );
  expect(others).toEqual([]);
  // They leave their groups with the broker's help.
  expect(depths(container("connect"), container("consumer"))).toEqual([last! + 1]);
});
