import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { tableOfPattern, tablePattern } from "../../../../components/connector/config/table-patterns";

test.each([
  ["public.customers", "(?-i)public\\.customers"],
  ["public.cash$", "(?-i)public\\.cash\\$"],
  ["public.a,b", "(?-i)public\\.a\\x{2c}b"],
  ["public.Order Details ", "(?-i)public\\.Order Details\\x{20}"],
  ["public.a\\b", "(?-i)public\\.a\\x{5c}b"],
])("%j is included as %j", (table, pattern) => {
  expect(tablePattern(table)).toBe(pattern);
});

test("any table is found again in a list of patterns", () => {
  const name = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(..."aX ß.,\"'*$\\({x2c}") });
  fc.assert(
    fc.property(fc.array(name, { minLength: 1 }), (names) => {
      const tables = names.map((each) => `public.${each}`);
      expect(tables.map(tablePattern).join(",").split(",").map(tableOfPattern)).toEqual(tables);
    }),
  );
});

test.each(["sales\\..*", "(?-i)sales\\..*", "public.a|public.b", "public.d\\d", "public.a?"])(
  "%j stands for several",
  (pattern) => {
    expect(tableOfPattern(pattern)).toBeUndefined();
  },
);
