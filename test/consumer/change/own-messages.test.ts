import { expect, test } from "@jest/globals";
import type { Change } from "../../../consumer/change/change-event";
import { changeToText } from "../../../consumer/change/change-json";
import { decodeContent } from "../../../consumer/change/message-content";
import { newsOf } from "../../../consumer/change/own-messages";

const told = (prefix: string, text: string, encoding: "base64" | "base64url" | "hex" = "base64") =>
  newsOf({ prefix, content: Buffer.from(text).toString(encoding) });

test.each(["base64", "base64url", "hex"] as const)(
  "the stack's own messages are read as Debezium writes them: %s",
  (way) => {
    const span = { from: 24577832, to: 24578160 };
    expect(told("cdc.begun-anew", "24577832 24578160", way)).toEqual({ begunAnew: { ...span, deleted: false } });
    expect(told("cdc.begun-anew", "24577832 24578160 deleted", way)).toEqual({ begunAnew: { ...span, deleted: true } });
    expect(told("cdc.begun-anew", "24577832 24578160 deleted cdc_dev", way)).toEqual({
      begunAnew: { ...span, deleted: true },
      slot: "cdc_dev",
    });
    expect(told("cdc.read-anew", "24577832", way)).toEqual({ readAnew: 24577832 });
    expect(told("cdc.read-anew", "24577832 cdc_dev", way)).toEqual({ readAnew: 24577832, slot: "cdc_dev" });
    expect(told("cdc.capture", '[{"table":"public.ä?>~"}]', way)).toEqual({
      changedTables: '[{"table":"public.ä?>~"}]',
    });
    expect(told("cdc.probe", "", way)).toEqual({});
  },
);

test.each([
  [
    "cdc.begun-anew",
    ["x", "", "1", "1 x", "1.5 2", "1 2 deleted ", "1 2 A", "NaN NaN", "-1 5", "9".repeat(400) + " 1"],
  ],
  ["cdc.read-anew", ["x", "", "1 A", "1e999", "-1"]],
  ["cdc.capture", ["x", "", "{}"]],
])("%s of another form says nothing, and is no change either", (prefix, texts) => {
  for (const text of texts) expect([text, told(prefix, text)]).toEqual([text, {}]);
});

test("a person reads a content's text, and what the record has where that is none in base64", () => {
  const text = "größer ?>~";
  for (const way of ["base64", "base64url"] as const) expect(decodeContent(Buffer.from(text).toString(way))).toBe(text);
  const hex = Buffer.from(text).toString("hex");
  expect(decodeContent(hex)).toBe(hex);
  const change = {
    ...{ op: "message", table: "", key: null, before: null, after: null, committedAtMicros: null },
    message: { prefix: "p", content: hex },
  } as unknown as Change;
  expect(changeToText(change, { lagMs: null, duplicate: undefined, retried: undefined })).toContain(hex);
});

test("another prefix is somebody else's", () => {
  for (const prefix of ["cdc", "cdc.begun-anew-not", "CDC.PROBE", "constructor", ""])
    expect(told(prefix, "1 2")).toBeUndefined();
});
