import { expect, test } from "@jest/globals";
import { checkTables } from "../../../commands/dead-letters/known-tables";
import { UsageError } from "../../../commands/terminal/usage";
import { letterOf, standingsOf } from "../../../consumer/letters/letter";
import { record } from "../../consumer/letters/letters";

const standings = standingsOf([letterOf(record(0, { "dead-letter-topic": "shop.public.gone" }))], new Map(), 0n);

test("a table that the consumer reads, or that has a letter, is known; any other is refused", () => {
  const check = (...tables: string[]) => checkTables(tables, ["shop.public.orders"], standings);
  check();
  check("public.orders", "public.gone");
  expect(() => check("public.order")).toThrow(UsageError);
  expect(() => check("public.order")).toThrow(
    '--table is "public.order"; the consumer reads public.orders, public.gone',
  );
});
