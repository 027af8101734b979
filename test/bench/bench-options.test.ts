import { expect, test } from "@jest/globals";
import { HELP, parseOptions } from "../../bench/bench-options";
import { MEASURES } from "../../bench/report/figure";

test("without arguments all contestants are measured in all ways, three times", () => {
  expect(parseOptions([])).toEqual({
    quick: false,
    rounds: 3,
    only: ["stock", "tuned", "ours"],
    measures: [...MEASURES],
    json: undefined,
    svg: undefined,
  });
});

test("quick is one round of what is short", () => {
  const options = parseOptions(["--quick"])!;
  expect(options.rounds).toBe(1);
  expect(options.measures).toEqual(["images", "first-row", "latency", "noop", "destroy"]);
  expect(parseOptions(["--quick", "--rounds", "2", "--measures", "cpu"])).toMatchObject({
    rounds: 2,
    measures: ["cpu"],
  });
});

test("names may be separated by commas or repeated, and keep the order of the measuring", () => {
  expect(parseOptions(["--only", "ours,stock"])!.only).toEqual(["stock", "ours"]);
  expect(parseOptions(["--measures", "drain", "--measures", "first-row, cpu"])!.measures).toEqual([
    "first-row",
    "cpu",
    "drain",
  ]);
});

test.each([
  [["--rounds", "0"], '--rounds is "0"; allowed is a number from 1 to 100'],
  [["--rounds", "many"], '--rounds is "many"; allowed is a number from 1 to 100'],
  [["--only", "their"], '--only has "their"; allowed are stock, tuned, ours'],
  [["--measures", ""], /^--measures has ""; allowed are images, first-row/],
  [["--measures", "drain,speed"], /^--measures has "speed"; allowed are images, first-row/],
  [["--json", ""], "--json is empty; allowed is a file's name"],
  [["--fast"], /--fast.*; allowed are --quick, --rounds, --only, --measures, --json, --svg, --help$/],
  [["stock"], /stock.*; allowed are/],
])("%j is refused with what is allowed", (args, message) => {
  expect(() => parseOptions(args)).toThrow(message);
});

test("help names every option and every name that may be given", () => {
  expect(parseOptions(["--help"])).toBeUndefined();
  expect(parseOptions(["-h"])).toBeUndefined();
  for (const word of ["--quick", "--rounds", "--only", "--measures", "--json", "--svg", ...MEASURES]) {
    expect(HELP).toContain(word);
  }
});
