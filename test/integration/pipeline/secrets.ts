import { describe, expect, test } from "@jest/globals";
import { Client } from "pg";
import type { StackOutputs } from "../../../commands/stack/stack-outputs";
import { feedOf } from "../../../commands/stack/stack-outputs";
import { servicesOf } from "../../../commands/look/containers-look";
import { ConnectByHand } from "../../support/stack/connect";
import { Feed, Ledger } from "../../support/stack/feed";
import { COORDINATION, docker, logs, type TestStack } from "../../support/stack";
import { recordsOf } from "../../support/stack/topic";

/** The stack's password, with characters that might be lost on the way. */
export const PASSWORD = "s3cret-of-the-test 'a\\b\"ü";
/** A secret in the connector's config, which nothing uses without TLS. */
export const KEY_WORD = "w0rd-of-the-key";
/** A secret of the handler's. */
export const HANDLER_WORD = "postgres://sink:w0rd-of-the-handler@sink/sink";
const SECOND = "another $ecret";
const NAME = "customer-cdc";

/** Checks that the passwords are in no place where others can read them: the database's own, and the random one of the connector's role. */
export function secrets(stack: TestStack, now: () => { outputs: StackOutputs; said: string }): void {
  let said: string;
  /** The role's password by the stack's password: the content of the worker's file while that is in force. */
  const rolePasswords = new Map<string, string>();

  async function rolePassword(): Promise<string> {
    return docker("exec", `${stack.prefix}-connect`, "cat", "/kafka/secrets/database-password");
  }

  async function login(user: string, password: string): Promise<Client> {
    const host = "127.0.0.1";
    const own = new Client({ host, port: stack.ports.postgresPort, database: "cdctest", user, password });
    // The connection breaks when the password changes.
    own.on("error", () => undefined);
    try {
      await own.connect();
      return own;
    } catch (error) {
      await own.end();
      throw error;
    }
  }

  /** Everything that others can read, by name. */
  async function readable(): Promise<Record<string, string>> {
    const containers = (
      await docker("ps", "--all", "--filter", `label=cdc.stack=${stack.prefix}`, "--format", "{{.Names}}")
    ).split("\n");
    const connect = new ConnectByHand(now().outputs.connectUrl);
    const texts: [string, string | Promise<string>][] = [
      ...containers.map((name): [string, Promise<string>] => [`inspect ${name}`, docker("inspect", name)]),
      ...containers.map((name): [string, Promise<string>] => [`logs ${name}`, logs(name)]),
      ["config", connect.config(NAME).then((config) => JSON.stringify(config))],
      ["connectors", connect.get("/connectors?expand=info&expand=status").then((all) => JSON.stringify(all))],
      [
        "config topic",
        recordsOf(now().outputs.bootstrapServers, "cdc_connect_configs").then((all) => JSON.stringify(all)),
      ],
      ["state", stack.pulumi("stack", "export")],
      ["up", said],
    ];
    expect(containers).toHaveLength(servicesOf(COORDINATION).length);
    return Object.fromEntries(await Promise.all(texts.map(async ([name, text]) => [name, await text] as const)));
  }

  test("neither password is to be read anywhere, nor a secret among the connector's keys", async () => {
    said = now().said;
    rolePasswords.set(PASSWORD, await rolePassword());
    await (await login("debezium", rolePasswords.get(PASSWORD)!)).end();
    const texts = await readable();
    expect(texts["config topic"]).toContain("${secrets:/kafka/secrets:database-password}");
    expect(texts["config topic"]).toContain("${secrets:/kafka/secrets:database-sslpassword}");
    const { connectToken } = now().outputs;
    const words = [PASSWORD, rolePasswords.get(PASSWORD)!, connectToken, KEY_WORD, HANDLER_WORD];
    expect(placesOf(words, texts)).toEqual([]);
  }, 60_000);

  test("the handler's secret is a file that its process can read", async () => {
    const read = ["node", "-p", "require('fs').readFileSync(process.env.SINK_URL_FILE, 'utf8')"];
    expect(await docker("exec", `${stack.prefix}-consumer`, ...read)).toBe(HANDLER_WORD);
  });

  test("a state without the random words, as one from before there were any, gets new ones by the next up", async () => {
    const state = JSON.parse(await stack.pulumi("stack", "export")) as { deployment: { resources: { urn: string }[] } };
    const [urn] = state.deployment.resources.map((each) => each.urn).filter((each) => each.endsWith("credentials"));
    await stack.pulumi("state", "delete", urn!, "--yes");
    said = await stack.up();
    const renewed = await rolePassword();
    expect(renewed).not.toBe(rolePasswords.get(PASSWORD));
    await expect(login("debezium", rolePasswords.get(PASSWORD)!)).rejects.toThrow("password authentication failed");
    await (await login("debezium", renewed)).end();
    const outputs = await stack.outputs();
    expect(outputs.connectToken).not.toBe(now().outputs.connectToken);
    const connect = new ConnectByHand(outputs.connectUrl, outputs.connectToken);
    const config = (await connect.config(NAME))!;
    await connect.put(`/connector-plugins/${config["connector.class"]}/config/validate`, config);
    expect(await stack.pulumi("preview", "--expect-no-changes")).toContain("unchanged");
    rolePasswords.set(`${PASSWORD} again`, renewed);
  }, 120_000);

  describe("a changed password", () => {
    test("is taken over by the next up, and the stream goes on", async () => {
      let client = await login("cdctest", PASSWORD);
      const feed = new Feed(feedOf(now().outputs));
      const before = await Ledger.open(() => client, feed);
      await before.write(3);
      expect(await before.reported()).toEqual(before.written);
      await stack.pulumi("config", "set", "--secret", "password", SECOND);
      said = await stack.up();
      await client.end().catch(() => undefined);
      client = await login("cdctest", SECOND);
      // The consumer, which watches the slot, is made again, and its page begins with later changes.
      const after = await Ledger.open(() => client, feed);
      await after.write(3);
      expect(await after.reported()).toEqual(after.written);
      await client.end();
    }, 240_000);

    test("is the only one that logs in, as is the role's new one", async () => {
      rolePasswords.set(SECOND, await rolePassword());
      await (await login("debezium", rolePasswords.get(SECOND)!)).end();
      await expect(login("cdctest", PASSWORD)).rejects.toThrow("password authentication failed");
      await expect(login("debezium", rolePasswords.get(PASSWORD)!)).rejects.toThrow("password authentication failed");
    });

    test("is to be read nowhere either, and the old one still is not", async () => {
      const words = [PASSWORD, SECOND, ...rolePasswords.values()];
      expect(placesOf(words, await readable())).toEqual([]);
    }, 60_000);
  });
}

function placesOf(words: string[], texts: Record<string, string>): string[] {
  // In JSON, some of their characters are escaped.
  const forms = words.flatMap((word) => [word, JSON.stringify(word).slice(1, -1)]);
  return Object.keys(texts).filter((name) => forms.some((form) => texts[name]!.includes(form)));
}
