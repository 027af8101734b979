import { spawn } from "node:child_process";
import { expect, test } from "@jest/globals";
import { poll } from "../../../components/poll";
import type { ChangeJson } from "../../../consumer/api";
import type { Rig } from "./rig";

export function watch(rig: Rig): void {
  test("npm run watch finds the stack's consumer, shows what was asked for as it comes, and ends at SIGINT", async () => {
    const text = start(rig, "--last", "0");
    const json = start(rig, "--json", "--table", "public.watched", "--op", "update,delete");
    try {
      await rig.followed(2);
      await rig.database.query("insert into watched values (1, 'new')");
      await rig.database.query("insert into unwatched values (1, 'new')");
      await rig.database.query("update watched set note = null");
      await rig.database.query("delete from watched");
      await text.lines(4);
      const shown = text.out().map((line) => line.replace(/^[\d:.]{12}/, "TIME").replace(/ [\d.]+ (ms|s)$/, " LAG"));
      // Changes are in order within a table, since each has a topic of its own.
      const [unwatched, watched] = [true, false].map((other) =>
        shown.filter((line) => line.includes("public.unwatched") === other),
      );
      expect(unwatched).toEqual(["TIME  create    public.unwatched  1  note: 'new'  LAG"]);
      expect(watched).toEqual([
        "TIME  create    public.watched  1  note: 'new'  LAG",
        "TIME  update    public.watched  1  note: 'new' → null  LAG",
        "TIME  delete    public.watched  1  note: null  LAG",
      ]);
      await json.lines(2);
      expect(json.out().map((line) => JSON.parse(line) as ChangeJson)).toMatchObject([
        { op: "update", table: "public.watched", before: { id: 1, note: "new" }, after: { id: 1, note: null } },
        { op: "delete", table: "public.watched", before: { id: 1, note: null }, after: null },
      ]);
    } finally {
      text.interrupt();
      json.interrupt();
    }
    // npm ends with the signal when its shell ended by it.
    for (const { end } of [text, json]) expect([0, "SIGINT"]).toContain(await end);
    expect(text.err().trimEnd().split("\n").at(-1)).toBe(`Watching ${rig.outputs.feedUrl} for changes; Ctrl-C ends it`);
  }, 120_000);
}

interface Command {
  /** Sends Ctrl-C, which reaches npm and all that it runs. */
  interrupt(): void;
  /** Exit code or signal, once npm and all that it ran have ended. */
  end: Promise<number | string | null>;
  /** Whole lines of its standard output. */
  out(): string[];
  err(): string;
  lines(count: number): Promise<void>;
}

function start(rig: Rig, ...args: string[]): Command {
  const child = spawn("npm", ["run", "--silent", "watch", "--", ...args], {
    env: { ...process.env, ...rig.environment },
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own, so that the test itself is not interrupted.
    detached: true,
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (data) => (said.out += String(data)));
  child.stderr.on("data", (data) => (said.err += String(data)));
  const out = () => said.out.split("\n").slice(0, -1);
  return {
    interrupt: () => void process.kill(-child.pid!, "SIGINT"),
    end: new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ?? code))),
    out,
    err: () => said.err,
    lines: (count) =>
      poll(
        () =>
          Promise.resolve(
            out().length >= count ? { done: true, value: undefined } : { done: false, seen: JSON.stringify(said) },
          ),
        { what: `${count} lines of npm run watch ${args.join(" ")}`, deadlineMs: 30_000, intervalMs: 20 },
      ),
  };
}
