import { createHmac } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { Client } from "pg";
import type { StackOutputs } from "../../../commands/stack";
import { feedOf } from "../../../commands/stack";
import { ConnectByHand } from "../../support/connect";
import { Feed, Ledger } from "../../support/feed";
import { docker, logs, type TestStack } from "../../support/stack";
import { recordsOf } from "../../support/topic";

/** The stack's password, with what might be lost on its way. */
export const PASSWORD = "s3cret-of-the-test 'a\\b\"ü";
/** A secret among the connector's keys; without TLS nobody uses it. */
export const KEY_WORD = "w0rd-of-the-key";
/** A secret of the handler's. */
export const HANDLER_WORD = "postgres://sink:w0rd-of-the-handler@sink/sink";
const SECOND = "another $ecret";
const NAME = "customer-cdc";

/** Where the passwords are not: the database's own, and the one made from it for the connector's role. */
export function secrets(stack: TestStack, now: () => { outputs: StackOutputs; said: string }): void {
  let said: string;

  async function login(user: string, password: string): Promise<Client> {
    const host = "127.0.0.1";
    const own = new Client({ host, port: stack.ports.postgresPort, database: "cdctest", user, password });
    // The database goes away under it when the password changes.
    own.on("error", () => undefined);
    try {
      await own.connect();
      return own;
    } catch (error) {
      await own.end();
      throw error;
    }
  }

  /** Everything that anybody can read, by name. */
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
    expect(containers).toHaveLength(5);
    return Object.fromEntries(await Promise.all(texts.map(async ([name, text]) => [name, await text] as const)));
  }

  test("neither password is to be read anywhere, nor a secret among the connector's keys", async () => {
    said = now().said;
    await (await login("debezium", rolePassword(PASSWORD))).end();
    const texts = await readable();
    expect(texts["config topic"]).toContain("${secrets:/kafka/secrets:database-password}");
    expect(texts["config topic"]).toContain("${secrets:/kafka/secrets:database-sslpassword}");
    expect(placesOf([PASSWORD, rolePassword(PASSWORD), KEY_WORD, HANDLER_WORD], texts)).toEqual([]);
  }, 60_000);

  test("the handler's secret is a file that its process can read", async () => {
    const read = ["node", "-p", "require('fs').readFileSync(process.env.SINK_URL_FILE, 'utf8')"];
    expect(await docker("exec", `${stack.prefix}-consumer`, ...read)).toBe(HANDLER_WORD);
  });

  describe("a changed password", () => {
    test("is taken over by the next up, and the stream goes on", async () => {
      let client = await login("cdctest", PASSWORD);
      const ledger = await Ledger.open(() => client, new Feed(feedOf(now().outputs)));
      await ledger.write(3);
      await stack.pulumi("config", "set", "--secret", "password", SECOND);
      said = await stack.up();
      await client.end().catch(() => undefined);
      client = await login("cdctest", SECOND);
      await ledger.write(3);
      expect(await ledger.reported()).toEqual(ledger.written);
      await client.end();
    }, 240_000);

    test("is the only one that logs in, as is the one made from it", async () => {
      await (await login("debezium", rolePassword(SECOND))).end();
      await expect(login("cdctest", PASSWORD)).rejects.toThrow("password authentication failed");
      await expect(login("debezium", rolePassword(PASSWORD))).rejects.toThrow("password authentication failed");
    });

    test("is to be read nowhere either, and the old one still is not", async () => {
      const words = [PASSWORD, SECOND, rolePassword(PASSWORD), rolePassword(SECOND)];
      expect(placesOf(words, await readable())).toEqual([]);
    }, 60_000);
  });
}

/** As components/derived-password.ts makes it. */
function rolePassword(password: string): string {
  return createHmac("sha256", password).update("debezium").digest("hex").slice(0, 32);
}

function placesOf(words: string[], texts: Record<string, string>): string[] {
  // Inside JSON some of their characters are escaped.
  const forms = words.flatMap((word) => [word, JSON.stringify(word).slice(1, -1)]);
  return Object.keys(texts).filter((name) => forms.some((form) => texts[name]!.includes(form)));
}
