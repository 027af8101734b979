/**
 * `npm stop`: everything of the stack goes, its data included; images stay. With `--remove` also what the state does not know.
 * Further arguments go to `pulumi destroy`.
 */
import { recover } from "./interrupted";
import { whichStack } from "./look/which-stack";
import { runMain } from "./main";
import { pulumi } from "./stack";
import { strangersOf, strangersText } from "./strangers";
import { leftOver, removeAll } from "./take-over";

const REMOVE = "--remove";

async function main(): Promise<number> {
  await recover();
  // The engine would refuse the network only after all the rest is gone.
  const strangers = await strangersOf(await whichStack(undefined, Promise.resolve([])));
  if (strangers.length > 0) {
    console.error(strangersText(strangers));
    return 1;
  }
  const args = process.argv.slice(2);
  const code = await pulumi(["destroy", "--yes", "--skip-preview", ...args.filter((arg) => arg !== REMOVE)]);
  if (code !== 0) return code;
  if (args.includes(REMOVE)) await removeAll();
  const left = await leftOver();
  if (left !== undefined) console.error(left);
  return left === undefined ? 0 : 1;
}

runMain(main);
