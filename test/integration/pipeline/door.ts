import { expect, test } from "@jest/globals";
import axios, { type AxiosResponse } from "axios";
import type { StackOutputs } from "../../../commands/stack/stack-outputs";
import {
  ENUM_FIELDS,
  OTHER_FIELDS,
  PLUGIN_VERSION_FIELDS,
  TRUTH_FIELDS,
  WHOLE_FIELDS,
} from "../../../components/settings/debezium-fields";
import { COORDINATION, docker, type TestStack } from "../../support/stack";

const POSTGRES = "io.debezium.connector.postgresql.PostgresConnector";
const VALIDATE = `/connector-plugins/${POSTGRES}/config/validate`;

interface Verdict {
  configs: { value: { name: string; value: string | null; errors: string[] } }[];
}

interface Fields {
  configs: { definition: { name: string; type: string }; value: { recommended_values: string[] } }[];
}

/** Checks who gets into Kafka Connect's REST API. No request here changes anything. */
export function door(stack: TestStack, now: () => StackOutputs): void {
  const ask = (method: string, path: string, headers: Record<string, string> = {}, data?: object | string) =>
    axios.request<unknown>({
      ...{ method, url: now().connectUrl + path, headers, data, proxy: false, validateStatus: () => true },
    });
  const token = () => ({ Authorization: `Bearer ${now().connectToken}` });
  const refusal = (message: string) => ({
    status: 403,
    data: { error_code: 403, message: expect.stringContaining(message) },
  });
  const plain = ({ status, data }: AxiosResponse<unknown>) => ({ status, data });
  const config = { "connector.class": POSTGRES, name: "asked-only" };

  /** Connect's verdict on a config with these keys, by key. */
  async function verdict(
    keys: Record<string, string>,
  ): Promise<Map<string, { value: string | null; errors: string[] }>> {
    const { status, data } = await ask("PUT", VALIDATE, token(), { ...config, ...keys });
    expect(status).toBe(200);
    return new Map((data as Verdict).configs.map(({ value }) => [value.name, value]));
  }

  test("what is known of Debezium's fields before there is a worker is what the worker lists", async () => {
    const { data } = await ask("PUT", VALIDATE, token(), config);
    const fields = (data as Fields).configs.map(({ definition: { name, type }, value }) => ({ name, type, ...value }));
    // Kafka Connect 4 recommends each installed converter, and takes others, too.
    const enums = fields.filter(
      ({ name, recommended_values: words }) => words.length > 0 && !/converter$|plugin\.version$/.test(name),
    );
    const named = (...types: string[]) =>
      fields.filter((field) => types.includes(field.type) && !enums.includes(field)).map(({ name }) => name);
    expect(Object.fromEntries(enums.map(({ name, recommended_values: words }) => [name, words.sort()]))).toEqual(
      ENUM_FIELDS,
    );
    expect(named("BOOLEAN").sort()).toEqual([...TRUTH_FIELDS].sort());
    expect(named("INT", "LONG").sort()).toEqual([...WHOLE_FIELDS].sort());
    const others = [...OTHER_FIELDS, ...(COORDINATION === "kraft" ? PLUGIN_VERSION_FIELDS : [])];
    expect(named("STRING", "LIST", "CLASS", "PASSWORD").sort()).toEqual(others.sort());
  });

  test("whoever has the stack's address may look: from this machine, and from a container of the stack", async () => {
    expect(plain(await ask("GET", "/connectors"))).toEqual({ status: 200, data: ["customer-cdc"] });
    const read = 'fetch("http://connect:8083/connectors").then((r) => r.text()).then((t) => process.stdout.write(t))';
    expect(await docker("exec", `${stack.prefix}-consumer`, "node", "-e", read)).toBe('["customer-cdc"]');
  });

  test("a page in a browser may not, under whatever name it came here", async () => {
    for (const path of ["/", "/connectors", "/health", "/nowhere"]) {
      const [name, page] = [refusal("names the host example.org:8083"), refusal("comes from a page in a browser")];
      expect(plain(await ask("GET", path, { Host: "example.org:8083" }))).toEqual(name);
      expect(plain(await ask("GET", path, { Origin: "http://example.org" }))).toEqual(page);
      expect(plain(await ask("GET", path, { "Sec-Fetch-Site": "cross-site" }))).toEqual(page);
      // The consumer's own page is also a page.
      expect(plain(await ask("GET", path, { Origin: String(now().feedUrl) }))).toEqual(page);
    }
    expect(plain(await ask("PUT", VALIDATE, { ...token(), Host: "example.org" }, config))).toMatchObject({
      status: 403,
    });
  });

  test("a config wants the token, also one that is to be checked only", async () => {
    const wanted = refusal(
      'needs the header "Authorization: Bearer TOKEN". The token is the stack\'s output connectToken',
    );
    expect(plain(await ask("PUT", VALIDATE, {}, config))).toEqual(wanted);
    expect(plain(await ask("PUT", VALIDATE, { Authorization: "Bearer another" }, config))).toEqual(wanted);
    expect(plain(await ask("POST", "/connectors", {}, { name: "asked-only", config }))).toEqual(wanted);
    expect((await verdict({})).get("topic.prefix")?.errors).not.toEqual([]);
  });

  test("what workers ask of each other wants a worker's signature", async () => {
    // The connector does not exist, so the request would do nothing even if it were let in.
    const unsigned = { status: 400, data: { error_code: 400, message: expect.stringContaining("required signature") } };
    expect(plain(await ask("POST", "/connectors/asked-only/tasks", {}, []))).toEqual(unsigned);
    expect(plain(await ask("PUT", "/connectors/asked-only/fence"))).toEqual(unsigned);
  });

  test("what is no JSON is no config", async () => {
    const headers = { ...token(), "Content-Type": "text/plain" };
    expect((await ask("PUT", VALIDATE, headers, JSON.stringify(config))).status).toBe(415);
  });

  test("a config does not choose its clients' broker or login, and tunes them", async () => {
    const key = "producer.override.bootstrap.servers";
    const found = await verdict({ [key]: "127.0.0.1:9", "producer.override.linger.ms": "5" });
    expect(found.get(key)?.errors).toEqual([expect.stringContaining("may not set bootstrap.servers of its clients")]);
    expect(found.get("producer.override.linger.ms")?.errors ?? []).toEqual([]);
  });
}
