// Prints the variables that a shell needs for plain `pulumi`: eval "$(npm run -s env)"
import { refuseArguments } from "./programs/command.mjs";
import { shellLines } from "./environment/environment.mjs";
import { lookAround } from "./plan/facts.mjs";
import { environmentHere } from "./environment/process-environment.mjs";
import { place } from "./setup.mjs";

refuseArguments("env", 'Prints what a shell needs so that plain `pulumi` works in it: eval "$(npm run -s env)"');
const { cli, engine } = await lookAround(place());
if (!cli) {
  process.stderr.write("There is no Pulumi CLI yet: run `npm run setup` first.\n");
  process.exit(1);
}
const changes = environmentHere({ cli, engine });
process.stdout.write(`${shellLines(changes, process.platform).join("\n")}\n`);
