import { expect, test } from "@jest/globals";
import { providerText } from "../../../program/dynamic/dynamic-resource";
import { packed } from "../../../program/dynamic/packed";
import { callSerialized } from "../../support/program/provider-process";

const INPUTS = {
  host: "127.0.0.1",
  port: 1,
  database: "cdctest",
  adminUser: "cdctest",
  adminPassword: "cdctest",
  role: "debezium",
  rolePassword: "secret",
  tables: ["public.customers", "customers"],
  publication: "debezium",
  slotName: "debezium",
  replicaIdentity: "FULL",
  signalTable: "",
  keepSlot: false,
  readyTimeoutSeconds: 0.3,
};

test("the provider as text is small, answers, and its failures keep their messages", async () => {
  const text = await providerText("components/capture/capture-provider");
  expect((await packed(text)).length).toBeLessThan(40_000);
  const outcomes = await callSerialized(text, [
    { verb: "check", args: [{}, INPUTS] },
    { verb: "create", args: [INPUTS] },
    { verb: "check", args: [{}, { ...INPUTS, tables: ["public.*"] }] },
    { verb: "delete", args: ["debezium", { ...INPUTS, captured: [] }] },
  ]);
  expect(outcomes[0]?.result).toMatchObject({
    failures: [{ property: "tables[1]", reason: expect.stringContaining("as in public.customers") }],
  });
  expect(outcomes[1]?.error?.message).toMatch(
    /^create capture debezium in cdctest at 127\.0\.0\.1:1: Waited .* ECONNREFUSED/,
  );
  expect(outcomes[2]?.error).toBeUndefined();
  expect(outcomes[2]?.result).not.toHaveProperty("inputs.captured");
  expect(outcomes[3]).toEqual({});
});
