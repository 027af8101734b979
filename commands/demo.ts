/** `npm run demo`: the story that a first start tells, once more. */
import { demo } from "./start/demo";
import { TABLE } from "./start/demo-fit";
import { stackOutputs } from "./stack/stack-outputs";
import { runMain } from "./terminal/main";
import { readArguments } from "./terminal/usage";

const HELP = `Writes four changes to ${TABLE} of the selected stack, shows what the consumer gets of each, and takes the rows away again.

  npm run demo
`;

async function main(): Promise<number> {
  const { values } = readArguments({ args: process.argv.slice(2), options: { help: { type: "boolean", short: "h" } } });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const misfit = await demo(await stackOutputs());
  if (misfit === null) return 0;
  console.error(`The demo cannot be shown: ${misfit}. \`npm run watch\` shows the changes of your own tables.`);
  return 1;
}

runMain(main);
