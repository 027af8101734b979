/**
 * `npm start`: brings the stack up, runs the demo and prints what to do next. With `--watch` it stays, and applies each edit of the handler at once.
 * It asks first when changed settings lose something; `--yes` answers beforehand. With `--take-over` it takes the database of a stack that this
 * folder's state does not know.
 */
import { DatabaseError } from "pg";
import { checkArguments, isHelp, START_ARGUMENTS } from "./start/arguments";
import { bringUp } from "./start/bring-up";
import { demo } from "./start/demo";
import { fullDisk } from "./start/full-disk";
import { endedBy } from "./processes/signals";
import { fullPools } from "./start/full-pools";
import { runMain } from "./terminal/main";
import { stackOutputs, type StackOutputs } from "./stack/stack-outputs";
import { takeOver } from "./start/take-over";

const HELP = `Brings the stack up from whatever state it is in, and shows some changes.

  npm start -- [options]

  --watch        stay, and make each edit of the handler live
  --take-over    take the database of a stack that this folder's state does not know; all else is made anew
  --yes          do not ask where a change of settings loses something
  --refresh      compare the state with what is there first
  --help         this text

Some options of \`pulumi up\` are passed on (--target, --replace, --parallel, --diff, --debug and others).
`;

const WATCH = "--watch";
const TAKE_OVER = "--take-over";

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  checkArguments(args, START_ARGUMENTS, process.env);
  if (isHelp(args)) {
    process.stdout.write(HELP);
    return 0;
  }
  const taken = args.includes(TAKE_OVER) ? await takeOver() : {};
  const code = await bringUp(
    args.filter((arg) => arg !== WATCH && arg !== TAKE_OVER),
    taken,
  );
  if (endedBy() !== undefined) return code;
  if (code !== 0) {
    console.error("\nThe reason is above. Once it is mended, `npm start` goes on from here.");
    const cause = (await fullDisk()) ?? (await fullPools());
    if (cause !== undefined) console.error(cause);
    return code;
  }
  const outputs = await stackOutputs();
  const misfit = await toldDemo(outputs);
  console.log(farewell(outputs, misfit === null));
  // Loaded only when it is needed: esbuild and Pulumi's SDK would cost every start half a second.
  if (args.includes(WATCH)) await (await import("./live/watch-handler")).watchHandler(outputs);
  return 0;
}

/** Runs the demo. @returns why it was left out: the tables are not like those of a first start, or the database refuses the demo's rows */
async function toldDemo(outputs: StackOutputs): Promise<string | null> {
  const misfit = await demo(outputs).catch((error: Error) => {
    if (error instanceof DatabaseError) return error.message;
    throw error;
  });
  if (misfit !== null) console.log(`\nThe stack is up. The demo was left out: ${misfit}.\n`);
  return misfit;
}

function farewell(outputs: StackOutputs, customers: boolean): string {
  const { hostname, port, username, pathname } = new URL(outputs.databaseUrl);
  const host = outputs.existingDatabase === undefined ? "localhost" : hostname;
  return [
    ...changesAt(outputs),
    `Kafka:              ${outputs.bootstrapServers}, ${topicsText(outputs.topics)}`,
    `Kafka Connect:      ${outputs.connectUrl}`,
    "",
    "Try next:",
    `  psql -h ${host} -p ${port || 5432} -U ${username} ${pathname.slice(1)}` +
      (customers ? ` -c "insert into customers (first_name) values ('you')"` : "   and change a row of your tables"),
    "  edit consumer/handler.ts, then npm start; or leave npm start -- --watch running",
    "  npm stop",
  ].join("\n");
}

/** Names of the topics, or only their number when there are many. */
function topicsText(topics: readonly string[]): string {
  const first = topics.slice(0, 5).join(", ");
  return topics.length > 6 ? `${topics.length} topics: ${first} …` : `topics ${topics.join(", ")}`;
}

function changesAt({ feedUrl, consumerUrl }: StackOutputs): string[] {
  if (feedUrl !== undefined) return [`The changes, live:  ${feedUrl}   or  npm run watch`];
  return consumerUrl === undefined ? [] : [`Your consumer:      ${consumerUrl}`];
}

runMain(main);
