/**
 * `npm stop`: everything of the stack goes, its data included; images stay. With `--remove` also what the state does not know.
 */
import { GONE_VARIABLE } from "../program/dynamic/gone";
import { checkArguments, isHelp, isYes, STOP_ARGUMENTS } from "./start/arguments";
import { rejectCopies } from "./start/copies";
import { inventory } from "./start/inventory";
import { namesakesIn, rejectOthers } from "./start/namesakes";
import { onceFree, recover } from "./start/interrupted";
import { endedText, INTERRUPTED } from "./processes/signals";
import { runMain } from "./terminal/main";
import { UsageError } from "./terminal/usage";
import { knownResources } from "./stack/known-resources";
import { pulumi } from "./stack/stack-outputs";
import { thisStack } from "./stack/this-stack";
import { agreeToForget } from "./stop/elsewhere";
import { strangersOf, strangersText } from "./stop/strangers";
import { stuckNetworks, stuckText } from "./stop/stuck-networks";
import { leftOver, removeAll } from "./start/take-over";
import { removeUnlisted, unlistedIn } from "./start/unlisted";

const HELP = `Takes the stack away, its data included; images stay.

  npm stop -- [options]

  --remove       also what bears the stack's label and this folder's state does not know; not with --target. It asks nothing
  --yes          do not ask where the Docker engine has nothing of the stack: the state forgets it. Nothing else is asked. Where the engine was
                 switched, what runs on in the other one is known to nobody then, as with --remove
  --gone         databases and Kafka Connects of somebody else's that do not answer are gone for good; what may be left there is named
  --help         this text

Some options of \`pulumi destroy\` are passed on (--target, --parallel, --diff, --debug and others).
`;

const REMOVE = "--remove";
const GONE = "--gone";
/** Options by which a part of the stack is meant. All else stays, so nothing is left over that should have gone. */
const OF_PART = ["--target", "-t", "--target-dependents"];

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  checkArguments(args, STOP_ARGUMENTS, process.env);
  if (isHelp(args)) {
    process.stdout.write(HELP);
    return 0;
  }
  const isPart = args.some((arg) => OF_PART.includes(arg.split("=")[0]!));
  if (isPart && args.includes(REMOVE))
    throw new UsageError(
      "--remove takes away all that bears the stack's label, and --target means a part of it. Nothing was removed: leave one of the two out",
    );
  await recover(args.includes(REMOVE));
  // The engine would refuse the network only after all the rest is gone.
  const stack = await thisStack();
  const strangers = await strangersOf(stack);
  if (strangers.length > 0) {
    console.error(strangersText(strangers));
    return 1;
  }
  const [known, there] = [await knownResources(stack), await inventory()];
  // Containers that Pulumi did not make, or does not know any more, may hold volumes that it would wait for.
  if (!args.includes(REMOVE)) {
    rejectOthers(known, there);
    await agreeToForget(stack, known, there, isYes(args));
    await rejectCopies(known, there, "npm stop");
    if (!isPart) await removeUnlisted(known, there, "npm stop");
  } else {
    await agreeToForget(stack, known, there, true);
    // Each that has the stack's label is named.
    if (namesakesIn(known, there).length + unlistedIn(known, there).length > 0) await removeAll();
  }
  const destroy = ["destroy", "--yes", "--skip-preview", ...args.filter((arg) => arg !== REMOVE && arg !== GONE)];
  const variables: Record<string, string> = args.includes(GONE) ? { [GONE_VARIABLE]: "true" } : {};
  const code = await onceFree(() => pulumi(destroy, variables));
  const ended = endedText("npm stop");
  if (ended !== undefined) {
    console.error(ended);
    return code || INTERRUPTED;
  }
  if (code !== 0) {
    const stuck = await stuckNetworks(stack);
    if (stuck.length > 0) console.error(stuckText(stuck));
    return code;
  }
  if (isPart) return 0;
  if (args.includes(REMOVE)) await removeAll();
  const left = await leftOver();
  if (left !== undefined) console.error(left);
  return left === undefined ? 0 : 1;
}

runMain(main);
