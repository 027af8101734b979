import { expect, test } from "@jest/globals";
import { splitTable, sqlName } from "../../../components/names/sql-name";

test.each([
  ["public.customers", ["public", "customers"], '"public"."customers"'],
  ["public.a.b", ["public", "a.b"], '"public"."a.b"'],
  ['Shop.say "hi"', ["Shop", 'say "hi"'], '"Shop"."say ""hi"""'],
])("%s is a schema and a table, each in quotes of its own", (table, parts, sql) => {
  expect(splitTable(table)).toEqual(parts);
  expect(sqlName(table)).toBe(sql);
});
