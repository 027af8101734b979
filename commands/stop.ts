/** `npm stop`: everything of the stack goes, its data included; images stay. Further arguments go to `pulumi destroy`. */
import { recover } from "./interrupted";
import { whichStack } from "./look/which-stack";
import { runMain } from "./main";
import { pulumi } from "./stack";
import { strangersOf, strangersText } from "./strangers";

async function main(): Promise<number> {
  await recover();
  // The engine would refuse the network only after all the rest is gone.
  const strangers = await strangersOf(await whichStack(undefined, Promise.resolve([])));
  if (strangers.length > 0) {
    console.error(strangersText(strangers));
    return 1;
  }
  return pulumi(["destroy", "--yes", "--skip-preview", ...process.argv.slice(2)]);
}

runMain(main);
