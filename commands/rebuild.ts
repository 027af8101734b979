/** `npm run rebuild`: builds the images again, with Debian's fixes since, and moves the stack to them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { REBUILD_VARIABLE, rebuildText } from "../components/images/image-names";
import { endedBy } from "./processes/signals";
import { bringUp } from "./start/bring-up";
import { runMain } from "./terminal/main";
import { HELP, parseOptions } from "./rebuild/rebuild-options";

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  if (!options.keepBase) {
    const child = spawn(process.execPath, ["toolchain/renew-base.mjs"], { stdio: "inherit" });
    const [code] = (await once(child, "exit")) as [number | null];
    if (code !== 0) return code ?? 1;
  }
  const text = rebuildText(new Date(), options.images);
  const code = await bringUp([], { [REBUILD_VARIABLE]: text }, "npm run rebuild");
  if (code !== 0 && endedBy() === undefined)
    console.error("\nThe reason is above. What could not be built is as it was, and so are its containers.");
  return code;
}

runMain(main);
