import { expect, test } from "@jest/globals";
import { queryEntry, tablesOption } from "../../../commands/terminal/table-option";
import { UsageError } from "../../../commands/terminal/usage";
import { readFilter } from "../../../consumer/feed/http/query";

test("tables as a person writes them, as psql does, and topics of other things", () => {
  expect(tablesOption(undefined)).toEqual([]);
  expect(
    tablesOption(['public.a, public."b,c",', 'public."say ""hi"" now"', "public.Order Details", "message"]),
  ).toEqual([...["public.a", "public.b,c", 'public.say "hi" now', "public.Order Details", "message"]]);
});

test.each(["", " ", ","])("%j names nothing, and does not mean all", (given) => {
  expect(() => tablesOption([given])).toThrow(UsageError);
});

test.each(["public.a", "public.b,c", 'public.say "hi" now', "public.a.b", "message"])(
  "%s is known again by the consumer",
  (table) => {
    const query = new URLSearchParams({ table: [table, "public.z"].map(queryEntry).join(",") });
    expect(readFilter(query).tables).toEqual(new Set([table, "public.z"]));
  },
);
