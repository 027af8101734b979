import { beforeAll, describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { withoutSecrets } from "../../../components/connector/connector";
import { DebeziumConnector, secretFiles, secretRef, secretsWorkerProperties } from "../../../components/connector";

const PASSWORD = "hunter2";
let registered: Record<string, unknown> = {};

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => {
      registered = inputs;
      return { id: `${name}-id`, state: inputs };
    },
    call: ({ token }) => {
      throw new Error(`unexpected call ${token}`);
    },
  }),
);

async function settle<T>(output: pulumi.Output<T>): Promise<{ value: T; secret: boolean }> {
  const secret = await pulumi.isSecret(output);
  return { value: await new Promise((resolve) => output.apply(resolve)), secret };
}

describe("secrets", () => {
  test("become references in the config and files for the worker", async () => {
    const secrets = secretFiles({ "database.password": PASSWORD });
    expect(secrets.config).toEqual({ "database.password": "${secrets:/kafka/secrets:database-password}" });
    expect(secrets.files.map(({ file }) => file)).toEqual(["/kafka/secrets/database-password"]);
    expect(await settle(secrets.files[0]!.content!)).toEqual({ value: PASSWORD, secret: true });
  });

  test("their version changes with them, shows nothing of them, and is a secret itself", async () => {
    const version = async (word: string) => settle(secretFiles({ "database.password": word }).version);
    const [one, same, other] = await Promise.all([version(PASSWORD), version(PASSWORD), version("other")]);
    expect(one).toEqual(same);
    expect(one.value).not.toBe(other.value);
    expect(one.value).not.toContain(PASSWORD);
    expect(one.secret).toBe(true);
  });

  test("a file's name cannot break out of the reference", () => {
    expect(() => secretRef("a}:b")).toThrow("is no file name");
    expect(() => secretRef("../etc/passwd")).toThrow("is no file name");
  });

  test("the worker may read their folder and nothing else", () => {
    expect(secretsWorkerProperties()).toMatchObject({
      "config.providers.secrets.class": "org.apache.kafka.common.config.provider.DirectoryConfigProvider",
      "config.providers.secrets.param.allowed.paths": "/kafka/secrets",
    });
  });
});

describe("DebeziumConnector", () => {
  const args = { connectUrl: "http://127.0.0.1:8083", connectorName: "customer-cdc" };

  test("fills in what is not given, and its outputs come back", async () => {
    const connector = new DebeziumConnector("plain", { ...args, config: { "connector.class": "a.B" } });
    await settle(connector.urn);
    expect(registered).toMatchObject({
      ...{ connectorName: "customer-cdc", state: "RUNNING", keepOffsets: false, keepSlot: false },
      ...{ readyTimeoutSeconds: 300, deleteTimeoutSeconds: 60, config: { "connector.class": "a.B" } },
    });
    expect(await settle(connector.connectorName)).toEqual({ value: "customer-cdc", secret: false });
  });

  test("the database's password is a secret in state and outputs", async () => {
    const database = { host: "h", port: 1, database: "d", user: "u", password: pulumi.secret(PASSWORD) };
    const connector = new DebeziumConnector("database", { ...args, config: { "connector.class": "a.B" }, database });
    await settle(connector.urn);
    const { __provider: _code, database: sent, ...others } = registered;
    expect(JSON.stringify(others)).not.toContain(PASSWORD);
    expect(JSON.stringify(sent)).toContain(PASSWORD);
  });

  test("a secret in the config is refused by name, without a word of it", async () => {
    const config = { "connector.class": "a.B", "database.password": pulumi.secret(PASSWORD) };
    const error = await withoutSecrets("customer-cdc", config).catch((e: unknown) => e as Error);
    expect((error as Error).message).toBe(
      'DebeziumConnector "customer-cdc": database.password in config is secret. ' +
        "Upload it as a file for the worker and refer to it: secretFiles makes both.",
    );
  });

  test("a config that is an output as a whole is looked into as well", async () => {
    const whole = pulumi.output({ "connector.class": "a.B", password: pulumi.secret(PASSWORD) });
    await expect(withoutSecrets("customer-cdc", whole)).rejects.toThrow("something in config is secret");
    const plain = pulumi.output({ "connector.class": "a.B" });
    expect(await withoutSecrets("customer-cdc", plain)).toBe(plain);
  });
});

test("the option import is refused with the way that there is, in place of what Pulumi would say", () => {
  const args = { connectUrl: "http://127.0.0.1:8083", connectorName: "orders", config: {} };
  expect(() => new DebeziumConnector("orders", args, { import: "http://127.0.0.1:8083|orders" })).toThrow(
    "orders has the option import, which Pulumi cannot follow for a dynamic resource. Take it away: what is there under the " +
      "resource's name is taken over by the next up, and its preview says what that changes.",
  );
});
