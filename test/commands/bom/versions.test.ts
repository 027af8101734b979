import { expect, test } from "@jest/globals";
import { compareVersions } from "../../../commands/bom/versions";

test("versions are sorted in the order of their release", () => {
  const inOrder = [
    "1.0-alpha-1",
    "1.0-beta",
    "1.0.0-rc.1",
    "1.0",
    "1.0.1",
    "1.5.6-4",
    "1.5.7-14",
    "1.5.7-28",
    "4.1.105.Final",
    "4.1.118",
    "9.4.9.v20180320",
    "9.4.57.v20241219",
    "9.4.58.v20250814",
    "9.4.60",
    "10.0.0",
  ];
  expect([...inOrder].reverse().sort(compareVersions)).toEqual(inOrder);
});

test("what says the same in other words is the same version", () => {
  for (const [a, b] of [
    ["4.1.118.Final", "4.1.118"],
    ["3.30.2-GA", "3.30.2"],
    ["3.0", "3.0.0"],
  ] as const)
    expect(compareVersions(a, b)).toBe(0);
});
