// `node bench/leave-out.mjs NAME …`: leaves internals out of this checkout, so that `npm run bench` measures what they give. Use it in a separate
// worktree. `git checkout .` puts them back. Without a name it lists them.
import { readFileSync, writeFileSync } from "node:fs";
import { INTERNALS, leftOut } from "./internals.mjs";

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(INTERNALS, name));
if (names.length === 0 || unknown.length > 0) {
  const wrong = unknown.length > 0 ? `No such internal: ${unknown.join(", ")}. ` : "";
  process.stderr.write(`${wrong}There are: ${Object.keys(INTERNALS).join(", ")}\n`);
  process.exit(2);
}
for (const edit of names.flatMap((name) => INTERNALS[name])) {
  writeFileSync(edit.file, leftOut(readFileSync(edit.file, "utf8"), edit));
}
