import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Results } from "../../../commands/chaos/chaos-results";
import { byFault, spread } from "../../../commands/chaos/report/by-fault";
import { picture } from "../../../commands/chaos/report/picture";
import { readResults, recordedReport } from "../../../commands/chaos/report/recorded";
import { row } from "./row";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdc-test-chaos-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const rows = [
  row({ caughtUpSeconds: 9, repeats: 2, repeatsAtHandler: 3, unmarked: 1 }),
  row({
    fault: "slot-dropped",
    lossy: true,
    lost: ["7", "8"],
    unhandled: ["8"],
    hands: "read again",
    saidSeconds: 2.5,
  }),
  row({ caughtUpSeconds: 1, disorder: ["5"], invented: ["6"] }),
  row({ caughtUpSeconds: 4 }),
];

test("each kind of fault has one line, over all the times that it came", () => {
  const [kill, slot] = byFault(rows);
  expect(kill).toMatchObject({
    fault: "kill-connect",
    times: 3,
    committed: 27,
    lost: 0,
    disorder: 2,
    caughtUp: [1, 4, 9],
  });
  expect(kill).toMatchObject({ repeats: 2, repeatsAtHandler: 3, unmarked: 1, hands: ["none"], said: [] });
  // A version that is neither in the topic nor handled counts as lost once.
  expect(slot).toMatchObject({ fault: "slot-dropped", times: 1, lost: 2, hands: ["read again"], said: [2.5] });
});

test.each([
  [[], ""],
  [[0.04], "0.0"],
  [[1, 2], "1.0, 2.0"],
  [[1, 2, 9.96], "1.0 to 10.0, median 2.0"],
])("seconds %j are written as %j", (values, text) => {
  expect(spread(values)).toBe(text);
});

test("the picture has a dot for each time, and says the same in words", () => {
  const svg = picture(rows, ["seed 1 & 2", "seed 3"]);
  expect(svg.match(/<circle/g)).toHaveLength(4);
  expect(svg.match(/<circle class="hands"/g)).toHaveLength(1);
  expect(svg).toContain(">seed 1 &amp; 2</text>");
  expect(svg).toContain(">seed 3</text>");
  expect(svg).toContain("kill-connect: 3 ×, 0 lost; caught up after 1.0 to 9.0, median 4.0 s");
  expect(svg).toContain("slot-dropped: 1 ×, said in 2.5 s, read again; caught up after 0.0 s");
  // The longest time is within the axis, which ends at 10 s.
  const dots = [...svg.matchAll(/cx="([\d.]+)"/g)].map(([, x]) => Number(x));
  expect(Math.max(...dots)).toBe(190 + 0.9 * 440);
});

test("a picture of no fault is a picture", () => {
  expect(picture([], [])).toMatch(/^<svg .*<\/svg>\n$/s);
});

const run = (seed: number, faults: Results["faults"]): Results => ({
  ...{ seed, rate: 1000, exactlyOnce: false, minutes: 2, faults, doubts: { asked: 0, committed: 0 } },
  ...{ machine: { cores: 2, memoryGiB: 24, docker: "28.5.2", date: "2026-11-29" } as Results["machine"] },
  ...{ memory: [], troubles: [], verify: [] },
});

test("recorded runs are reported together, and one that ended badly is named", () => {
  const files = [run(1, [row({})]), run(2, [row({ lost: ["7"] })])].map((results, at) => {
    const file = join(folder, `${at}.json`);
    writeFileSync(file, JSON.stringify(results));
    return file;
  });
  const text = recordedReport(readResults(files.join(",")));
  expect(text).toMatch(/seed 1, 1000 changes\/s, 2\.0 minutes, 1 fault$/m);
  expect(text).toMatch(/seed 2, .*: NOT all is well$/m);
  expect(text).toMatch(/^kill-connect +2 +18 +1 /m);
});

test("a file that is missing, no JSON, or something else is refused by name", () => {
  const file = join(folder, "other.json");
  expect(() => readResults(join(folder, "none.json"))).toThrow(/none\.json", which cannot be read: ENOENT/);
  writeFileSync(file, "{");
  expect(() => readResults(file)).toThrow(/other\.json", which cannot be read/);
  for (const other of ["null", "[]", '{ "faults": [] }']) {
    writeFileSync(file, other);
    expect(() => readResults(file)).toThrow(/other\.json", which is not the results\.json of a run/);
  }
});
