import { expect, test } from "@jest/globals";
import { served } from "../../../program/dynamic/dynamic-wire";
import { countsAsGone, GONE_VARIABLE, isSaidGone } from "../../../program/dynamic/gone";

test("what does not answer counts as gone where a person says so, and in a process that serves an `up`", async () => {
  expect(countsAsGone()).toBe(false);
  process.env[GONE_VARIABLE] = "true";
  expect(countsAsGone()).toBe(true);
  delete process.env[GONE_VARIABLE];
  const provider = served({
    check: (_olds: object, inputs: object) => Promise.resolve({ inputs }),
    create: (inputs: object) => Promise.resolve({ id: "a", outs: inputs }),
  });
  await provider.create({});
  expect(countsAsGone()).toBe(false);
  expect(await provider.check!({}, { a: 1 })).toEqual({ inputs: { a: 1 } });
  expect(countsAsGone()).toBe(true);
  expect(isSaidGone()).toBe(false);
});
