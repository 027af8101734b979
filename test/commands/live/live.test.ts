import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { LiveProgram } from "../../../commands/live/built-program";
import { live } from "../../../commands/live/live";
import { poll } from "../../../components/poll";

/** One for all tests: the program has its name. */
const folder = mkdtempSync(join(tmpdir(), "live-"));
let handler: string;
let said: string[];
let programs: string[];
let fails: boolean;
/** What the consumer has when the watch begins. */
let has: string | undefined;
/** The program of the files with which each test begins. */
let first: string | undefined;
let watching: { close(): Promise<void> };

beforeEach(async () => {
  mkdirSync(join(folder, "parts"), { recursive: true });
  handler = join(folder, "handler.ts");
  writeFileSync(join(folder, "parts", "word.ts"), 'export const word = "imported-1";\n');
  write("said-1");
  [said, programs, fails] = [[], [], false];
  has = first ??= await built();
  watching = await begun();
});

/** The program of the handler as it is now. */
async function built(): Promise<string> {
  const program = await LiveProgram.of(handler);
  const made = await program.build();
  await program.close();
  return (made as { text: string }).text;
}

function begun(): Promise<{ close(): Promise<void> }> {
  return live({
    handler,
    running: () => Promise.resolve(has),
    put: async (program) => {
      if (fails) throw new Error("the consumer did not start");
      programs.push(program);
    },
    say: (line) => said.push(line),
  });
}

afterEach(async () => {
  await watching.close();
  rmSync(folder, { recursive: true });
});

function write(word: string, file = handler): void {
  writeFileSync(
    file,
    `import { word } from "./parts/word";\nexport const handle = () => console.log(${JSON.stringify(word)}, word);\n`,
  );
}

function until(what: string, done: () => boolean): Promise<void> {
  const probe = async () =>
    done() ? { done: true as const, value: undefined } : { done: false as const, seen: said.join(" | ") };
  return poll<void>(probe, { what, deadlineMs: 15_000, intervalMs: 10 });
}

test("an edit of the handler is put into the consumer, and said with the time it took", async () => {
  expect(programs).toEqual([]);
  write("said-2");
  await until("the edit", () => said.length === 2);
  expect(said[0]).toBe(`Watching ${handler} and what it imports; an edit is live within seconds. Ctrl-C ends it.`);
  expect(said[1]).toMatch(/^live in \d+\.\d s$/);
  expect(programs).toEqual([expect.stringContaining("said-2")]);
});

test("so is an edit of what it imports, and of a file that takes its name, as editors save", async () => {
  writeFileSync(join(folder, "parts", "word.ts"), 'export const word = "imported-2";\n');
  await until("the imported file's edit", () => programs.length === 1);
  write("said-3", join(folder, "handler.ts.tmp"));
  renameSync(join(folder, "handler.ts.tmp"), handler);
  await until("the renamed file", () => programs.length === 2);
  expect(programs[0]).toContain("imported-2");
  expect(programs[1]).toContain("said-3");
});

test("an edit that cannot be built changes nothing and is reported with file and line; the next good edit is applied", async () => {
  writeFileSync(handler, "export const handle = () => {\n");
  await until("the error", () => said.length === 2);
  expect(said[1]).toMatch(/handler\.ts:2:0[\s\S]*The consumer goes on with what it had\.$/);
  expect(programs).toEqual([]);
  write("mended");
  await until("the mended one", () => programs.length === 1);
  expect(programs[0]).toContain("mended");
});

describe("what mends one that cannot be built is seen:", () => {
  const newPart = () => join(folder, "parts", "new.ts");
  const importNew = (from: string) =>
    writeFileSync(handler, `import { word } from "${from}";\nexport const handle = () => console.log(word);\n`);
  const mended = () => until("the mended one", () => programs.at(-1)?.includes("mended") === true);

  test("in a file that it has begun to import", async () => {
    writeFileSync(newPart(), "export const word = ;\n");
    importNew("./parts/new");
    await until("the error", () => said.length === 2);
    writeFileSync(newPart(), 'export const word = "mended";\n');
    await mended();
  });

  test.each(["./parts/new.js", "./parts"])("a file that comes: %s", async (from) => {
    importNew(from);
    await until("the error", () => said.length === 2);
    writeFileSync(
      from === "./parts" ? join(folder, "parts", "index.ts") : newPart(),
      'export const word = "mended";\n',
    );
    await mended();
  });

  test("a folder that comes, and a handler that was away with it", async () => {
    rmSync(join(folder, "parts"), { recursive: true });
    rmSync(handler);
    await until("the error", () => said.length >= 2);
    importNew("./other/deep/new");
    await until("the other error", () => said.at(-1)!.includes("other/deep"));
    mkdirSync(join(folder, "other", "deep"), { recursive: true });
    writeFileSync(join(folder, "other", "deep", "new.ts"), 'export const word = "mended";\n');
    await mended();
  });

  test("a folder that was removed and made again", async () => {
    rmSync(join(folder, "parts"), { recursive: true });
    mkdirSync(join(folder, "parts"));
    writeFileSync(join(folder, "parts", "word.ts"), 'export const word = "first mended";\n');
    await mended();
    writeFileSync(join(folder, "parts", "word.ts"), 'export const word = "then edited";\n');
    await until("the edit after it", () => programs.at(-1)!.includes("then edited"));
  });
});

test("an edit with which the consumer does not start is reported, and the next edit is tried even if it takes that one back", async () => {
  fails = true;
  write("bad");
  await until("the failure", () => said.length === 2);
  expect(said[1]).toBe("the consumer did not start");
  fails = false;
  write("said-1");
  await until("the one before", () => programs.length === 1);
  expect(programs[0]).toContain("said-1");
});

test("a file that is saved without a difference is nothing to do", async () => {
  write("said-1");
  write("said-2");
  await until("the difference", () => programs.length === 1);
  expect(said).toHaveLength(2);
});

test("an edit that was saved while the stack came up is put at once, as is one where the consumer's program is not known", async () => {
  await watching.close();
  write("while it came up");
  watching = await begun();
  await until("the edit", () => programs.length === 1);
  expect(programs[0]).toContain("while it came up");
  await watching.close();
  has = undefined;
  watching = await begun();
  await until("the program", () => programs.length === 2);
});
