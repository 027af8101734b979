import { expect, test } from "@jest/globals";
import { HELP, parseOptions } from "../../bench/bench-options";
import { MEASURES, USUAL_MEASURES } from "../../bench/report/figure";

test("without arguments the usual contestants are measured in the usual ways, three times", () => {
  expect(parseOptions([])).toEqual({
    quick: false,
    rounds: 3,
    only: ["stock", "tuned", "ours"],
    against: undefined,
    measures: [...USUAL_MEASURES],
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

test("what is measured when nothing is named does not grow with each new measure", () => {
  const further = MEASURES.filter((name) => !USUAL_MEASURES.includes(name));
  expect(further).toEqual(["npm-start", "events", "many-tables", "added-rows"]);
  expect(parseOptions(["--measures", further.join(",")])!.measures).toEqual(further);
});

test("against another revision two take part, in the same ways", () => {
  const options = parseOptions(["--against", "v1", "--rounds", "2"])!;
  expect(options).toMatchObject({ against: "v1", only: ["other", "ours"], rounds: 2, measures: USUAL_MEASURES });
});

test("an option that npm took for its own is reported, since the run would do something else", () => {
  expect(() => parseOptions([], { npm_config_against: "v1" })).toThrow(
    "npm took --against for its own; it stands after --, as in `npm run bench -- --against`",
  );
  expect(parseOptions([], { npm_config_json: "true" })).toBeDefined();
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
  [["--only", "other"], '--only has "other"; allowed are stock, tuned, ours'],
  [["--against", ""], "--against is empty; allowed is a revision, as git names it"],
  [["--against", "v1", "--only", "ours"], "--only does not go with --against"],
  [["--against", "v1", "--svg", "a.svg"], "--svg does not go with --against"],
  [["--json", ""], "--json is empty; allowed is a file's name"],
  [["--fast"], /--fast.*; allowed are --quick, --rounds, --only, --against, --measures, --json, --svg, --help$/],
  [["stock"], /stock.*; allowed are/],
])("%j is refused with what is allowed", (args, message) => {
  expect(() => parseOptions(args)).toThrow(message);
});

test("help names every option and every name that may be given", () => {
  expect(parseOptions(["--help"])).toBeUndefined();
  expect(parseOptions(["-h"])).toBeUndefined();
  for (const word of ["--quick", "--rounds", "--only", "--against", "--measures", "--json", "--svg", ...MEASURES]) {
    expect(HELP).toContain(word);
  }
});
