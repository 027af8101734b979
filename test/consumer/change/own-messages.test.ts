import { expect, test } from "@jest/globals";
import { newsOf } from "../../../consumer/change/own-messages";

const told = (prefix: string, text: string, encoding: "base64" | "base64url" | "hex" = "base64") =>
  newsOf({ prefix, content: Buffer.from(text).toString(encoding) });

test.each(["base64", "base64url", "hex"] as const)(
  "the stack's own messages are read as Debezium writes them: %s",
  (way) => {
    expect(told("cdc.begun-anew", "24577832 24578160", way)).toEqual({ begunAnew: { from: 24577832, to: 24578160 } });
    expect(told("cdc.read-anew", "24577832", way)).toEqual({ readAnew: 24577832 });
    expect(told("cdc.capture", '[{"table":"public.ä?>~"}]', way)).toEqual({
      changedTables: '[{"table":"public.ä?>~"}]',
    });
    expect(told("cdc.probe", "", way)).toEqual({});
  },
);

test.each([
  ["cdc.begun-anew", ["x", "", "1", "1 x", "1.5 2", "1 2 3", "NaN NaN", "-1 5", "9".repeat(400) + " 1"]],
  ["cdc.read-anew", ["x", "", "1 2", "1e999", "-1"]],
  ["cdc.capture", ["x", "", "{}"]],
])("%s of another form says nothing, and is no change either", (prefix, texts) => {
  for (const text of texts) expect([text, told(prefix, text)]).toEqual([text, {}]);
});

test("another prefix is somebody else's", () => {
  for (const prefix of ["cdc", "cdc.begun-anew-not", "CDC.PROBE", "constructor", ""])
    expect(told(prefix, "1 2")).toBeUndefined();
});
