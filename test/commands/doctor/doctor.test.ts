import { spawn } from "node:child_process";
import { expect, test } from "@jest/globals";
import { diskFinding, imageFindings } from "../../../commands/doctor/machine-look";
import { findingsOf } from "../../../commands/look/findings";
import { screen } from "../../../commands/look/screen";
import { plain } from "../../../commands/terminal/paint";
import { NOW, stackLook } from "../../support/fakes/stack-look";

test("the screen has the machine first, and each part once", () => {
  const further = [
    diskFinding(64 * 2 ** 30),
    ...imageFindings([{ image: "cdc/kafka:1", taken: NOW, containers: [] }], NOW),
  ];
  const lines = screen("cdc-dev", findingsOf(stackLook(), further), plain).split("\n");
  const headings = lines.map((line) => line.slice(0, 16).trim()).filter(Boolean);
  expect(headings).toEqual([
    ...["Machine", "Containers", "Database", "Replication slot", "Connector", "Topics", "Consumer"],
    "cdc-dev is well.",
  ]);
  expect(lines.slice(0, 2).map((line) => line.replace(/ +/g, " "))).toEqual([
    "Machine ✓ disk 64 GB free",
    " ✓ cdc/kafka:1 packages of 0 s ago",
  ]);
});

test("as a command: help, and a wrong option in one sentence with 2", async () => {
  const run = async (...args: string[]) => {
    const child = spawn(process.execPath, ["toolchain/look.mjs", "doctor", ...args]);
    const said = { out: "", err: "" };
    child.stdout.on("data", (data) => (said.out += String(data)));
    child.stderr.on("data", (data) => (said.err += String(data)));
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { code, ...said };
  };
  expect(await run("--help")).toEqual({
    code: 0,
    err: "",
    out: expect.stringContaining("npm run doctor -- [options]"),
  });
  expect(await run("now")).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringMatching(/^Unexpected argument 'now'/),
  });
});
