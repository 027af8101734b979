import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { fakeDocker } from "../support/fakes/fake-docker";

/** A fake client that prints, fails or hangs, as its arguments say. */
const CLIENT = `#!${process.execPath}
const [what] = process.argv.slice(2);
if (what === "print") console.log("one\\ntwo\\n");
else if (what === "hang") setInterval(() => undefined, 1000);
else {
  console.error("Cannot connect to the Docker daemon.\\nSee 'docker --help'.");
  process.exit(1);
}
`;

const folder = fakeDocker(CLIENT);

/** The result of a process with this PATH. */
async function ask(path: string, what: string, timeoutMs: number): Promise<unknown> {
  const script = `require("ts-node").register({ transpileOnly: true });
    const { docker } = require("./components/engine");
    docker([${JSON.stringify(what)}], ${timeoutMs}).then(
      (said) => console.log(JSON.stringify({ said })),
      ({ message, code }) => console.log(JSON.stringify({ message, code })),
    );`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { env: { PATH: path } });
  return JSON.parse(stdout) as unknown;
}

test.each([
  ["print", { said: "one\ntwo" }],
  ["complain", { message: "Cannot connect to the Docker daemon.", code: 1 }],
  ["hang", { message: "no answer within 0.2 s", code: null }],
])("a client that does %s", async (what, got) => {
  expect(await ask(folder(), what, what === "hang" ? 200 : 0)).toEqual(got);
});

test("without a client says so", async () => {
  const got = { message: "there is no docker command on PATH", code: "ENOENT" };
  expect(await ask(join(folder(), "nothing"), "print", 0)).toEqual(got);
});
