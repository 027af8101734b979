import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { declaredWith, type Recorded } from "../support/program/declared";

// The test must not depend on this machine's engine and ports.
jest.mock("../../components/preflight/preflight", () => ({
  preflight: () =>
    Promise.resolve({ present: new Set(), postgres: { dataPath: "/var/lib/postgresql/data", capabilities: [] } }),
}));
jest.spyOn(pulumi.log, "info").mockResolvedValue();

const PASSWORD = "word-of-the-database";
const HANDLER_WORD = "word-of-the-handler";
const CONNECTOR_WORD = "word-of-the-connector";
const SECRETS = {
  password: PASSWORD,
  handlerEnv: JSON.stringify({ SINK_PASSWORD: HANDLER_WORD }),
  connectorConfig: JSON.stringify({ "database.sslpassword": CONNECTOR_WORD }),
};

/** The key by which a secret is marked in what goes to the engine. */
const SECRET_MARK = "4dabf18193072939515e22adb298388d";

/** Pure: the texts in a resource's inputs that are not secret. */
function plainTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || SECRET_MARK in value) return [];
  return Object.entries(value).flatMap(([key, below]) => [key, ...plainTexts(below)]);
}

const LAPTOP: Record<string, string> = {};
const OWN_IMAGES = { consumer: "me/consumer:1", kafkaImage: "me/kafka:2", postgresImage: "postgres:17" };

/** Rules for every container, with any settings. */
describe.each([
  ["the defaults", LAPTOP],
  ["no consumer", { consumer: "none" }],
  ["no ZooKeeper", { coordination: "kraft" }],
  ["three brokers without ZooKeeper", { coordination: "kraft", brokers: "3" }],
  ["images of one's own", OWN_IMAGES],
  ["PostgreSQL 18", { postgresVersion: "18" }],
  ["several of each", { brokers: "3", connectWorkers: "2", consumers: "2", partitions: "2" }],
  ["exactly once", { exactlyOnce: "true" }],
  ["further plugins", { connectPlugins: `org.apache.kafka:connect-file:3.9.2@sha256:${"0".repeat(64)}` }],
])("policies, with %s", (_, settings) => {
  const sent: { name: string; inputs: unknown }[] = [];
  let containers: Recorded[];

  beforeEach(async () => {
    sent.length = 0;
    process.env["PULUMI_CONFIG_SECRET_KEYS"] = JSON.stringify(Object.keys(SECRETS).map((key) => `cdc:${key}`));
    const register = jest.spyOn(MockMonitor.prototype, "registerResource");
    const { recorded } = await declaredWith({ ...SECRETS, ...settings });
    for (const [request] of register.mock.calls as [Request, unknown][]) {
      sent.push({ name: request.getName(), inputs: request.getObject()?.toJavaScript() ?? {} });
    }
    register.mockRestore();
    containers = recorded.filter(({ type }) => type === "docker:index/container:Container");
  });
  afterEach(() => {
    delete process.env["PULUMI_CONFIG_SECRET_KEYS"];
  });

  test("loopback alone, an image by tag, bounded memory, a stop that is waited for, and no word for all to read", () => {
    expect(containers.length).toBeGreaterThanOrEqual(4);
    for (const { name, inputs } of containers) {
      const ports = (inputs["ports"] ?? []) as { ip?: string }[];
      expect([name, ports.filter(({ ip }) => ip !== "127.0.0.1")]).toEqual([name, []]);
      expect([name, inputs["networkMode"], inputs["privileged"]]).toEqual([name, undefined, undefined]);
      expect([name, inputs["image"]]).toEqual([name, expect.stringMatching(/^[\w./-]+:(?!latest$)[\w.-]+$/)]);
      expect([name, inputs["capabilities"], inputs["securityOpts"]]).toEqual([
        ...[name, { drops: ["ALL"] }],
        ["no-new-privileges"],
      ]);
      expect([name, inputs["ulimits"]]).toEqual([name, [{ name: "nproc", soft: 8192, hard: 8192 }]]);
      const { uploads = [] } = inputs as { uploads?: unknown[] };
      expect([name, inputs["readOnly"]]).toEqual([name, uploads.length === 0]);
      expect([name, inputs["memory"]]).toEqual([name, expect.any(Number)]);
      expect([name, inputs["memorySwap"]]).toEqual([name, inputs["memory"]]);
      expect([name, inputs["destroyGraceSeconds"]]).toEqual([name, expect.any(Number)]);
    }
    const names = containers.map(({ name }) => name);
    expect(names.includes("cdc-zookeeper-container")).toBe(!("coordination" in settings));
    const signals = containers.map(({ name, inputs }) => [name, inputs["stopSignal"]]);
    expect(Object.fromEntries(signals)).toMatchObject({
      // By default, it would wait until its clients have left.
      "cdc-postgres-container": "SIGINT",
      // ZooKeeper ignores this signal: the broker, which stops at the same time, still needs it.
      ...(names.includes("cdc-zookeeper-container") && { "cdc-zookeeper-container": "SIGURG" }),
    });

    const words = [PASSWORD, HANDLER_WORD, CONNECTOR_WORD];
    const shown = sent.filter(({ inputs }) =>
      plainTexts(inputs).some((text) => words.some((word) => text.includes(word))),
    );
    expect(shown.map(({ name }) => name)).toEqual([]);
    // Shows that the test would see a secret: it is there, with Pulumi's mark.
    expect(JSON.stringify(sent)).toContain(PASSWORD);
  });
});

interface Request {
  getName(): string;
  getObject(): { toJavaScript(): unknown } | undefined;
}
