import { expect, test } from "@jest/globals";
import { replicationName } from "../../../components/capture/object-names";

test("names that Postgres takes", () => {
  expect(replicationName("cdc-dev", "customer-cdc")).toBe("cdc_dev_customer_cdc");
  expect(replicationName("x".repeat(100))).toHaveLength(63);
  expect(() => replicationName("-", "–")).toThrow("no letter and no digit");
});
