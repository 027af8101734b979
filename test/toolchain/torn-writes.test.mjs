import { afterEach, beforeEach, expect, test } from "@jest/globals";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { clearTornWrites, restoreTornStates } from "../../toolchain/torn-writes.mjs";

const STACKS = ".pulumi/stacks/cdc";
const LOCKS = ".pulumi/locks/organization/cdc/dev";
let folder;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "cdc-torn-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(path, text) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const place = (more) => ({ env: { PULUMI_BACKEND_URL: `file://${folder}` }, root: "/nowhere", ...more });

test("a sidecar that was cut off goes; states, whole sidecars and backups stay", () => {
  const whole = ["dev.json", "dev.json.bak", "other.json"].map((name) => write(`${STACKS}/${name}`, "{}"));
  write(`${STACKS}/other.json.attrs`, '{"user.content_type":"application/json"}');
  const torn = ["", '{"user.content_'].map((text, i) => write(`${STACKS}/cut-${i}.json.attrs`, text));
  expect(clearTornWrites(place()).sort()).toEqual(torn);
  expect(readdirSync(join(folder, STACKS))).toHaveLength(whole.length + 1);
  expect(clearTornWrites(place())).toEqual([]);
});

test("a lock's temporary file goes once its writer must be dead; locks stay", () => {
  const lock = write(`${LOCKS}/a.json`, '{"pid":1}');
  const half = write(`${LOCKS}/b.json.18ab.tmp`, "");
  const written = statSync(half).mtimeMs;
  expect(clearTornWrites(place({ now: written + 4_000 }))).toEqual([]);
  expect(clearTornWrites(place({ now: written + 6_000 }))).toEqual([half]);
  expect(readdirSync(dirname(lock))).toEqual(["a.json"]);
});

test("the backend is the project's own, the one that is set, or none of files", () => {
  const torn = () => write(`.state/${STACKS}/dev.json.attrs`, "");
  const cleared = (url, more) => clearTornWrites({ env: { PULUMI_BACKEND_URL: url }, root: folder, ...more }).length;
  torn();
  expect(cleared("s3://bucket")).toBe(0);
  expect(cleared(undefined)).toBe(1);
  torn();
  expect(cleared("file://~/.state?metadata=", { home: folder, root: "/nowhere" })).toBe(1);
});

test.each([
  ["", "empty"],
  ['{"version":3,"checkp', "cut off"],
])("a state %j that is %s is the CLI's copy of it again, and stays beside it", (text) => {
  const torn = write(`${STACKS}/dev.json`, text);
  const copy = write(`${STACKS}/dev.json.bak`, '{"version":3}');
  const later = { now: statSync(torn).mtimeMs + 6_000 };
  // In these seconds, a run may still be writing it.
  expect(restoreTornStates(place({ now: statSync(torn).mtimeMs + 4_000 }))).toEqual([]);
  expect(restoreTornStates(place(later))).toEqual([{ file: torn, written: statSync(copy).mtime }]);
  expect(readFileSync(torn, "utf8")).toBe('{"version":3}');
  expect(readFileSync(`${torn}.torn`, "utf8")).toBe(text);
  expect(restoreTornStates(place(later))).toEqual([]);
});

test("after a clock was set back, a torn file has a time in the future, and no run is writing it", () => {
  const [torn, half] = [write(`${STACKS}/dev.json`, ""), write(`${LOCKS}/b.json.18ab.tmp`, "")];
  write(`${STACKS}/dev.json.bak`, "{}");
  const earlier = { now: statSync(torn).mtimeMs - 3600_000 };
  expect(clearTornWrites(place(earlier))).toEqual([half]);
  expect(restoreTornStates(place(earlier))).toMatchObject([{ file: torn }]);
});

test("a state that is cut off stays so where its copy cannot be read", () => {
  const torn = write(`${STACKS}/dev.json`, "{");
  mkdirSync(`${torn}.bak`);
  expect(restoreTornStates(place({ now: statSync(torn).mtimeMs + 6_000 }))).toEqual([]);
  expect(readFileSync(torn, "utf8")).toBe("{");
});

test.each([[undefined], ["{"]])("a state that is cut off stays so where its copy is %j", (copy) => {
  const torn = write(`${STACKS}/dev.json`, "{");
  if (copy !== undefined) write(`${STACKS}/dev.json.bak`, copy);
  expect(restoreTornStates(place({ now: statSync(torn).mtimeMs + 6_000 }))).toEqual([]);
  expect(readFileSync(torn, "utf8")).toBe("{");
});

test("a state that is cut off is still there where its copy cannot be written, and the error says what to do", () => {
  const torn = write(`${STACKS}/dev.json`, "{");
  write(`${STACKS}/dev.json.bak`, '{"version":3}');
  // A folder with something in it: nothing can be written in its place.
  const inTheWay = write(`${STACKS}/dev.json.restored.${process.pid}/file`, "");
  const later = place({ now: statSync(torn).mtimeMs + 6_000 });
  expect(() => restoreTornStates(later)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(
        /dev\.json is cut off, and the CLI's copy of it, .*\.bak, cannot be put in its place: E/,
      ),
      remedy: expect.stringMatching(/^make room in .*Nothing was changed\.$/),
    }),
  );
  expect(readFileSync(torn, "utf8")).toBe("{");
  expect(existsSync(`${torn}.torn`)).toBe(false);
  rmSync(dirname(inTheWay), { recursive: true });
  expect(restoreTornStates(later)).toMatchObject([{ file: torn }]);
  expect(readdirSync(dirname(torn)).sort()).toEqual(["dev.json", "dev.json.bak", "dev.json.torn"]);
});

test("a repair that was killed after it had moved the state away is made whole; a stack that was removed later stays so", () => {
  const state = join(folder, STACKS, "dev.json");
  const copy = write(`${STACKS}/dev.json.bak`, '{"version":3}');
  const torn = write(`${STACKS}/dev.json.torn`, "");
  utimesSync(copy, 1000, 1000);
  utimesSync(torn, 2000, 2000);
  expect(restoreTornStates(place())).toEqual([{ file: state, written: statSync(copy).mtime }]);
  expect(readFileSync(state, "utf8")).toBe('{"version":3}');
  rmSync(state);
  write(`${STACKS}/dev.json.torn`, "");
  utimesSync(copy, 3000, 3000);
  utimesSync(torn, 2000, 2000);
  expect(restoreTornStates(place())).toEqual([]);
});
