// `node toolchain/look.mjs COMMAND …`: runs commands/COMMAND.ts without a set-up, and starts no engine: `npm run doctor` has to report at once that
// the engine is missing.
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { builtCli } from "./compile/builds.mjs";
import { environment, pathOf } from "./environment/environment.mjs";
import { packagesAreCurrent } from "./plan/packages.mjs";
import { pulumiHome, root } from "./environment/paths.mjs";
import { place } from "./setup.mjs";

const [name] = process.argv.splice(2, 1);
if (!name) {
  process.stderr.write("usage: node toolchain/look.mjs COMMAND [ARGUMENT …]\n");
  process.exit(2);
}
if (!packagesAreCurrent(root)) {
  process.stderr.write("The project's packages are not installed, or not all of them: run `npm ci`.\n");
  process.exit(1);
}
// As npm does: the person may be in another folder.
process.chdir(root);
const { env, platform } = process;
const here = place();
Object.assign(env, environment({ env, platform, root }));
// Only a CLI on the person's PATH goes before these, as in any command of the project.
const clis = [builtCli(here)?.folder, join(pulumiHome, "versions", here.pins.pulumi, "bin")];
env.PATH = [pathOf(env), ...clis.filter(Boolean)].join(delimiter);

const require = createRequire(import.meta.url);
require("../program/run-bundled.cjs").runBundled(name, `commands/${name}.ts`, undefined);
