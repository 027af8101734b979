import { expect, test } from "@jest/globals";
import { newestPackages, parseBuilt, parseRebuild, rebuildText, tagOf } from "../../../components/images/image-names";

test("a name is one of ours with a content for its tag, and the moment of its packages", () => {
  const kafka = { repository: "cdc/kafka", content: "0123456789ab" };
  expect(parseBuilt("cdc/kafka:0123456789ab")).toEqual({ ...kafka, packages: "" });
  expect(parseBuilt("cdc/kafka:0123456789ab-20260102030405")).toEqual({ ...kafka, packages: "20260102030405" });
  expect(tagOf({ content: "0123456789ab", packages: "20260102030405" })).toBe("0123456789ab-20260102030405");
  expect(tagOf({ content: "0123456789ab", packages: "" })).toBe("0123456789ab");
});

test.each([
  "postgres:17",
  "cdc/kafka:latest",
  "cdc/kafka:0123456789ab-mine",
  "cdc/other:0123456789ab",
  "host/cdc/kafka:0123456789ab",
  "<none>:<none>",
])("%s is somebody else's", (name) => {
  expect(parseBuilt(name)).toBeUndefined();
});

test("the newest packages of a repository count, whatever the content", () => {
  const names = [
    "cdc/kafka:0123456789ab-20260102030405",
    "cdc/kafka:ba9876543210",
    "cdc/kafka:ba9876543210-20260101000000",
    "cdc/postgres:0123456789ab-20270101000000",
  ];
  expect(newestPackages("cdc/kafka", names)).toBe("20260102030405");
  expect(newestPackages("cdc/consumer", names)).toBe("");
});

test("one variable says what is to be rebuilt", () => {
  const text = rebuildText(new Date("2026-01-02T03:04:05.678Z"), ["kafka", "consumer"]);
  expect(text).toBe("20260102030405 kafka consumer");
  expect([...parseRebuild(text)]).toEqual([
    ["cdc/kafka", "20260102030405"],
    ["cdc/consumer", "20260102030405"],
  ]);
  expect(parseRebuild(undefined).size).toBe(0);
});
