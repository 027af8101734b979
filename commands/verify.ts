/** `npm run verify`: whether the topics have what the tables hold. */
import { runMain } from "./terminal/main";
import { paintFor } from "./terminal/paint";
import { HELP, parseOptions } from "./verify/verify-options";
import { resultLines } from "./verify/result";
import { verify } from "./verify/verify-stack";

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  const tables = await verify(options);
  const ok = tables.every((table) => table.ok);
  if (options.json) process.stdout.write(`${JSON.stringify({ tables }, undefined, 2)}\n`);
  else {
    const paint = paintFor(process.stdout);
    const verdict = ok ? paint("green", "All are equal.") : paint("red", "Not all are equal.");
    process.stdout.write(`${[...resultLines(tables, paint), "", verdict].join("\n")}\n`);
  }
  return ok ? 0 : 1;
}

runMain(main);
