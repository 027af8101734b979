/** `npm stop`: everything of the stack goes, its data included; images stay. Further arguments go to `pulumi destroy`. */
import { recover } from "./interrupted";
import { runMain } from "./main";
import { pulumi } from "./stack";

async function main(): Promise<number> {
  await recover();
  return pulumi(["destroy", "--yes", "--skip-preview", ...process.argv.slice(2)]);
}

runMain(main);
