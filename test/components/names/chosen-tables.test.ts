import { describe, expect, test } from "@jest/globals";
import { choiceOf, choiceTroubles, chosenTables, parseChoice } from "../../../components/names/chosen-tables";

describe("a table that is left out", () => {
  test("is told apart from captured tables", () => {
    expect(chosenTables(["public.*", ' ! public."a.b"', "sales.orders"])).toEqual({
      patterns: [{ schema: "public" }, { schema: "sales", table: "orders" }],
      leftOut: ["public.a.b"],
    });
  });

  test("has one way to be written", () => {
    expect([' !public."orders" ', '!"public"."a.b"', "public . orders", '!public."""odd"'].map(choiceOf)).toEqual([
      "!public.orders",
      '!public."a.b"',
      "public.orders",
      '!public."""odd"',
    ]);
  });

  test.each([
    ["!public.*", "only a table can be left out of a schema"],
    ["!orders", "is no table"],
    ["!", "a table's name is empty"],
  ])("%s names none", (entry, reason) => {
    expect(parseChoice(entry)).toEqual(expect.stringContaining(reason));
  });

  test("a schema whose name begins with the mark has to be in quotes", () => {
    expect(chosenTables(['"!odd".orders'])).toEqual({ patterns: [{ schema: "!odd", table: "orders" }], leftOut: [] });
    expect(choiceOf('"!odd".orders')).toBe('"!odd".orders');
  });

  test("that is left out of nothing, or named as well, is refused", () => {
    expect(choiceTroubles(["public.*", "!public.orders"])).toEqual([]);
    expect(choiceTroubles(["public.customers", "!public.orders"])).toEqual([
      "!public.orders leaves a table out of public.*, which is not named. Take it away.",
    ]);
    expect(choiceTroubles(["public.*", "public.orders", "!public.orders"])).toEqual([
      "public.orders is both named and left out (!public.orders). Take one of the two away.",
    ]);
  });
});
