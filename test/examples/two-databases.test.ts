import { beforeAll, expect, test } from "@jest/globals";
import type { Recorded } from "../support/program/declared";
import { declaredBy } from "../support/program/mocked-program";

let recorded: Recorded[];

beforeAll(async () => {
  const words = ["shop", "billing"].flatMap((name) => [
    [`two-databases:${name}AdminPassword`, `admin-word-${name}`],
    [`two-databases:${name}RolePassword`, `role-word-${name}`],
  ]);
  ({ recorded } = await declaredBy("examples/two-databases/index", "two-databases", {
    ...(Object.fromEntries(words) as Record<string, string>),
    "two-databases:connectUrl": "http://connect.internal:8083",
  }));
});

const inputsOf = (name: string) => recorded.find((each) => each.name === name)!.inputs;
const configOf = (name: string) => inputsOf(name)["config"] as Record<string, unknown>;

test("each database has a capture and a connector, and none of their names meet", () => {
  expect(recorded.map(({ name }) => name).sort()).toEqual([
    ...["billing-capture", "billing-connector", "shop-capture", "shop-connector"],
  ]);
  for (const key of ["role", "publication", "slotName", "signalTable", "owner"]) {
    expect([key, new Set([inputsOf("shop-capture")[key], inputsOf("billing-capture")[key]]).size]).toEqual([key, 2]);
  }
  for (const key of ["topic.prefix", "slot.name", "publication.name", "table.include.list", "database.dbname"]) {
    expect([key, new Set([configOf("shop-connector")[key], configOf("billing-connector")[key]]).size]).toEqual([
      key,
      2,
    ]);
  }
});

test("a connector's config has its own capture's names, and no password", () => {
  expect(configOf("billing-connector")).toMatchObject({
    "slot.name": "cdc_billing",
    "publication.name": "cdc_billing",
    "table.include.list": "(?-i)public\\.invoices,(?-i)public\\.payments",
    "signal.data.collection": "cdc_billing.signals",
    "database.password": "${secrets:/run/secrets:billing-password}",
  });
  expect(JSON.stringify([configOf("shop-connector"), configOf("billing-connector")])).not.toContain("-word-");
});
