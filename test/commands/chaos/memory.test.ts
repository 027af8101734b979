import { expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { growth, READ, residentBytes } from "../../../commands/chaos/memory";

test("memory is what is resident and no page cache, as either version of control groups says it", () => {
  const second =
    "anon 31000000\nfile 900000000\ninactive_anon 30000000\nactive_anon 1500000\ninactive_file 800000000\n";
  expect(residentBytes(second)).toBe(31_500_000);
  expect(residentBytes(`cache 1\ntotal_inactive_anon 7\n${second}total_active_anon 9\n`)).toBe(31_500_000);
  expect(residentBytes("")).toBeUndefined();
});

test("growth is the difference between the medians of the first and the last quarter, without containers that did not answer", () => {
  const looks = [100, 900, 100, 100, 0, 120, 110, 120, 120, 10, 130, 140, 130].map((mb) => ({
    ...(mb > 0 && { "chaos-kafka": mb * 1e6 }),
    "chaos-connect": 50e6,
  }));
  expect(growth(looks)).toEqual([
    { container: "chaos-connect", firstMb: 50, lastMb: 50 },
    { container: "chaos-kafka", firstMb: 100, lastMb: 130 },
  ]);
  expect(growth(looks.slice(0, 3))).toEqual([]);
});

test("that a machine has control groups of one version alone is no error", () => {
  expect(() => execFileSync("sh", ["-c", READ])).not.toThrow();
});
