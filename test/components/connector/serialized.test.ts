import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ConnectorInputs } from "../../../components/connector/connector-types";
import { providerText } from "../../../program/dynamic/dynamic-resource";
import { packed } from "../../../program/dynamic/packed";
import { FakeConnect } from "../../support/fakes/fake-connect";
import { callSerialized } from "../../support/program/provider-process";
import { inputsFor } from "./setting";

describe("the provider as Pulumi keeps it: text, run in another process", () => {
  let connect: FakeConnect;
  let text: string;

  beforeAll(async () => {
    connect = await FakeConnect.start();
    text = await providerText("components/connector/connector-provider");
  });
  afterAll(() => connect.vanish());

  const inputs = (change: Partial<ConnectorInputs> = {}) => inputsFor(connect.url, change);

  test("takes less than 50 kB in the state", async () => {
    expect((await packed(text)).length).toBeLessThan(45_000);
  });

  test("holds no path of the machine it was made on", () => {
    expect(text).not.toContain(path.resolve("."));
  });

  test("every verb works", async () => {
    const outs = { ...inputs(), tasks: [], topics: [], pluginVersion: "", pendingSnapshots: [] };
    const outcomes = await callSerialized(text, [
      { verb: "check", args: [{}, inputs()] },
      { verb: "create", args: [inputs()] },
      { verb: "diff", args: ["customer-cdc", outs, inputs({ state: "PAUSED" })] },
      { verb: "update", args: ["customer-cdc", outs, inputs({ state: "PAUSED" })] },
      { verb: "read", args: ["customer-cdc", { ...outs, state: "PAUSED" }] },
      { verb: "delete", args: ["customer-cdc", outs] },
    ]);
    expect(outcomes.map(({ error }) => error?.message)).toEqual(Array(6).fill(undefined));
    const [checked, created, changed, updated, seen] = outcomes.map(({ result }) => result as Record<string, unknown>);
    expect(checked).toMatchObject({ failures: [] });
    expect(created).toMatchObject({ id: "customer-cdc", outs: { state: "RUNNING" } });
    expect(changed).toMatchObject({ changes: true, replaces: [] });
    expect(updated).toMatchObject({ outs: { state: "PAUSED" } });
    expect(seen).toMatchObject({ id: "customer-cdc", props: { state: "PAUSED" } });
    expect(connect.connectors.size).toBe(0);
  });

  test("failures keep their messages, and what exists", async () => {
    connect.failWith = "java.lang.RuntimeException: over\nCaused by: java.io.IOException: out of luck";
    const [failed] = await callSerialized(text, [{ verb: "create", args: [{ ...inputs(), __provider: text }] }]);
    connect.failWith = undefined;
    const message = "Connector customer-cdc: task 0 FAILED. IOException: out of luck.";
    expect(failed?.error).toMatchObject({ message, id: "customer-cdc", reasons: [message] });
    // Without the provider's own key in the properties, nothing could ever update or delete the resource again.
    expect(failed?.error?.properties).toMatchObject({ state: "FAILED", __provider: text });
  });

  test("an address without a server is named in the error", async () => {
    const nowhere = inputs({ connectUrl: "http://127.0.0.1:1", readyTimeoutSeconds: 0.3 });
    const [failed] = await callSerialized(text, [{ verb: "create", args: [nowhere] }]);
    expect(failed?.error?.message).toMatch(/Kafka Connect at http:\/\/127\.0\.0\.1:1.*ECONNREFUSED/);
  });
});
