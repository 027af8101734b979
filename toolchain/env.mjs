// Prints what a shell needs so that plain `pulumi` works in it: eval "$(npm run -s env)"
import { environment, shellLines } from "./environment.mjs";
import { lookAround } from "./facts.mjs";
import { root } from "./paths.mjs";
import { place } from "./setup.mjs";

const { cli, engine } = await lookAround(place());
if (!cli) {
  process.stderr.write("There is no Pulumi CLI yet: run `npm run setup` first.\n");
  process.exit(1);
}
const changes = environment({
  env: process.env,
  platform: process.platform,
  root,
  cli,
  dockerHost: engine.contextHost,
});
process.stdout.write(`${shellLines(changes, process.platform).join("\n")}\n`);
