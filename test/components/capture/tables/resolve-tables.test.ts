import { describe, expect, test } from "@jest/globals";
import { certainTables, hasAdded, resolveTables } from "../../../../components/capture/tables/resolve-tables";

describe("tables", () => {
  const existing = ["public.customers", "public.orders", "sales.orders", "sales.we.ird"];

  test("names and schemas resolve to a sorted list, each table once", () => {
    expect(resolveTables(["sales.*", "public.orders", "public.*"], existing)).toEqual({
      captured: ["public.customers", "public.orders", "sales.orders", "sales.we.ird"],
      missing: [],
    });
  });

  test.each([
    ["public.custmers", "Table public.custmers does not exist. Did you mean public.customers?"],
    ["app.customers", "Table app.customers does not exist. Did you mean public.customers?"],
    ["app.orders", "Table app.orders does not exist. Did you mean public.orders or sales.orders?"],
    ["pubic.*", "Schema pubic has no table. Did you mean public?"],
    ["public.invoices_2024", "Table public.invoices_2024 does not exist."],
  ])("%s", (pattern, reason) => {
    expect(resolveTables([pattern], existing).missing.map((each) => each.reason)).toEqual([reason]);
  });

  test("names in quotes", () => {
    const odd = ["public.a.b", "public.a, b", "public.Order Details"];
    expect(resolveTables(['public."a.b"', 'public."a, b"', 'public."Order Details"'], odd)).toEqual({
      captured: ["public.Order Details", "public.a, b", "public.a.b"],
      missing: [],
    });
  });

  test("a table that is left out does not belong to its schema's tables", () => {
    expect(resolveTables(["public.*", "!public.orders", "sales.orders"], existing)).toEqual({
      captured: ["public.customers", "sales.orders"],
      missing: [],
    });
    expect(resolveTables(["sales.*", '!sales."we.ird"'], existing).captured).toEqual(["sales.orders"]);
    expect(certainTables(["sales.*", "!sales.orders"])).toBeUndefined();
    expect(hasAdded(["sales.*", "!sales.orders"], ["sales.we.ird"])).toBe(false);
  });

  test("a schema of which all tables are left out is not missing, unless no table is left at all", () => {
    expect(resolveTables(["sales.orders", "public.*", "!public.orders", "!public.customers"], existing)).toEqual({
      captured: ["sales.orders"],
      missing: [],
    });
    expect(resolveTables(["public.*", "!public.orders", "!public.customers"], existing).missing).toEqual([
      { pattern: "public.*", reason: expect.stringContaining("nothing would be captured"), near: true },
    ]);
  });

  test("an entry without a table is a mistake, and would be captured once it exists; a view is not captured", () => {
    const resolved = resolveTables(["public.*", "!public.order", "!public.totals"], existing, {
      "public.totals": "is a view",
    });
    expect(resolved.missing).toEqual([
      {
        pattern: "!public.order",
        reason: "Table public.order does not exist. Did you mean public.orders?",
        near: true,
      },
    ]);
  });

  test("only names are certain without a database", () => {
    expect(certainTables(["public.b", "public.a", 'public."b"'])).toEqual(["public.a", "public.b"]);
    expect(certainTables(["public.*"])).toBeUndefined();
  });

  test("an entry is new when it names no captured table, and none is new before a first up", () => {
    const captured = ["public.a.b", "shop.orders"];
    expect(hasAdded(['public."a.b"', "shop.*"], captured)).toBe(false);
    expect(hasAdded(["shop.orders", "shop.items"], captured)).toBe(true);
    expect(hasAdded(["sho.*"], captured)).toBe(true);
    expect(hasAdded(["shop.items"], undefined)).toBe(false);
  });
});
