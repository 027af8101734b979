import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { allStateResources, stateResources } from "../../../commands/stack/local-backend";

/** Folder of a local backend with the states of some stacks. */
let folder: string;
const before = { ...process.env };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdc-backend-"));
  mkdirSync(join(folder, ".pulumi", "stacks", "cdc"), { recursive: true });
  process.env["PULUMI_BACKEND_URL"] = `file://${folder}?metadata=skip`;
});
afterEach(() => {
  process.env = { ...before };
  rmSync(folder, { recursive: true });
});

function state(stack: string, of = stack): void {
  const resources = [
    { urn: `urn:pulumi:${of}::cdc::docker:index/volume:Volume::cdc-data`, type: "docker:index/volume:Volume" },
  ];
  const file = join(folder, ".pulumi", "stacks", "cdc", `${stack}.json`);
  writeFileSync(file, JSON.stringify({ version: 3, checkpoint: { latest: { resources } } }));
}

test("a state that is the stack's own is read", () => {
  state("dev");
  state("two");
  expect(stateResources("cdc-two").map(({ urn }) => urn)).toEqual([expect.stringMatching(/^urn:pulumi:two::/)]);
});

test("one that was copied from another stack's is refused: a run would take that stack away", () => {
  state("dev", "two");
  expect(() => stateResources("cdc-dev")).toThrow(
    "The state of the stack dev is that of the stack two, and a run would take two away, its data included. Put dev's own in its " +
      "place: the CLI's copy is dev.json.bak beside it, and one of each run is in .pulumi/backups. Without one remove the file, and " +
      "`npm start` says how a stack that is there is taken over. Nothing was changed.",
  );
  // Code that only asks which images are in use may read all states.
  expect(allStateResources().map(({ urn }) => urn)).toContainEqual(expect.stringMatching(/^urn:pulumi:two::/));
});

test.each([
  [
    "{}",
    /^Pulumi's state \S+dev\.json cannot be read: .*\. `npm start` in five seconds puts the CLI's copy of it in its place\.$/,
  ],
  ["{", /The CLI's copy of it cannot be read either: `rm \S+dev\.json`, then `npm start` says how .* is taken over\.$/],
])("a state that was cut off, with %j as its copy: the command that goes on", (copy, says) => {
  const file = join(folder, ".pulumi", "stacks", "cdc", "dev.json");
  writeFileSync(file, '{"version":3,"checkp');
  writeFileSync(`${file}.bak`, copy);
  expect(() => stateResources("cdc-dev")).toThrow(says);
});
