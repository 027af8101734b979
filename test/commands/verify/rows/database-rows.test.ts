import { expect, test } from "@jest/globals";
import { printingSession } from "../../../../commands/verify/rows/database-rows";

test("values are printed as for the connector's role: its search path, and money in no country's form", () => {
  const statements = printingSession("debezium").split("; ");
  expect(statements).toContain('set search_path = "debezium", public');
  expect(statements).toContain("set lc_monetary = 'C'");
  expect(statements).toContain("set datestyle = 'ISO, MDY'");
  expect(printingSession()).toContain('set search_path = "$user", public;');
});
