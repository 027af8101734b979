import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism, loadavg } from "node:os";
import { expect, test } from "@jest/globals";
import { docker, type TestStack } from "../../support/stack";

/** Milliseconds for an answer. A machine with a higher load than cores gets more time in proportion. A slow answer gets another try. */
const WITHIN_MS = 3000 * Math.max(1, loadavg()[0]! / availableParallelism());
const TRIES = 3;

/**
 * The command that was typed, the settings, and the sentence that answers. The messages about each setting are tested in test/components/settings.
 */
const MISTAKES: [command: string, settings: Record<string, string>, answer: RegExp][] = [
  [
    "npm start",
    { postgressPort: "5432" },
    /cdc:postgressPort .* is no setting of this project\. Did you mean postgresPort\?/,
  ],
  ["npm start", { tables: "public.customers,public.nowhere" }, /Table public\.nowhere does not exist\./],
  ["npm start", { handler: "consumer/handlr.ts" }, /cdc:handler is "consumer\/handlr\.ts", where there is no file/],
  [
    "npm start",
    { password: "secret" },
    /cdc:password is set as plain text; set it with `pulumi config set --secret password`/,
  ],
  ["npm start", { database: "shop" }, /cdc:database is "shop", but this stack's Postgres was made with "cdctest"/],
  ["npm start now", {}, /^npm start does not take "now"; allowed are --watch, /m],
  ["npm start --watch", {}, /^npm took --watch for its own: .* as in `npm start -- --watch`$/m],
  ["npm stop -- --removee", {}, /^npm stop does not take "--removee"; allowed are .*\. Did you mean --remove\?$/m],
  ["npm run logs -- postgress", {}, /^There is no container "postgress"; .*\. Did you mean postgres\?$/m],
  [
    "npm run status -- --jsn",
    {},
    /^Unknown option '--jsn'; allowed are --stack, --json, --help\. Did you mean --json\?$/m,
  ],
  ["npm run verify -- --table customers", {}, /^--table is "customers"; .*public\.customers$/m],
  ["npm run replay -- --from yesterday", {}, /^--from is "yesterday"; allowed is a time ago such as 10m, or a moment/m],
  ["npm run demo -- now", {}, /^Unexpected argument 'now'; allowed are --help$/m],
  ["npm run setup -- --again", {}, /^npm run setup takes no arguments, and got --again$/m],
  ["npm run rebuild -- --only kafak", {}, /^--only names "kafak"; .* Did you mean kafka\?$/m],
];

export function mistakes(stack: TestStack): void {
  test.each(MISTAKES)(
    "%s with %j: one sentence within 3 s, and nothing is changed",
    async (command, settings, answer) => {
      const before = await world(stack);
      await stack.with(settings, async () => {
        let ms = Infinity;
        for (let tries = 0; tries < TRIES && ms > WITHIN_MS; tries++) {
          const begun = performance.now();
          const { code, text } = await typed(command, stack);
          ms = performance.now() - begun;
          expect(code).not.toBe(0);
          expect(text).toMatch(answer);
          expect(text).not.toMatch(/^\s+at \S+ \(/m);
        }
        expect(ms).toBeLessThan(WITHIN_MS);
      });
      expect(await world(stack)).toEqual(before);
    },
    60_000,
  );
}

/** The resources in the state, and the objects in the engine. */
async function world(stack: TestStack) {
  const { pending, resources } = stack.state();
  const containers = await docker(
    "ps",
    "--all",
    "--no-trunc",
    "--filter",
    `label=${stack.label}`,
    "--format",
    "{{.ID}} {{.State}}",
  );
  // Each time that the state is written, secrets are encrypted again.
  const state = JSON.stringify(resources).replaceAll(/"ciphertext":"[^"]*"/g, "");
  return { pending, state, containers, objects: await stack.objects() };
}

/** Runs a command line as a person types it. */
async function typed(command: string, stack: TestStack): Promise<{ code: number; text: string }> {
  const env = { ...process.env, ...stack.environment, NO_COLOR: "1" };
  // All command lines are written above, so a shell cannot misread them.
  const child = spawn(command, { env, shell: true, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, text };
}
