/** `npm run replay`: the consumer handles changes again, from a moment or an offset on. */
import type { KafkaAddress } from "../components/existing/kafka/kafka-access";
import { poll } from "../components/poll";
import { TRANSACTION_LOG } from "../components/names/kafkas-topics";
import { withBroker } from "../components/preflight/broker-look";
import { endedBy, INTERRUPTED } from "./processes/signals";
import { counted } from "./look/amounts";
import { setOffsets } from "./replay/set-offsets";
import { whileStopped } from "./replay/while-stopped";
import { agreed } from "./terminal/ask";
import { isThere } from "./look/containers-look";
import {
  brokerOf,
  consumerKindOf,
  containerOf,
  containersOf,
  subscriptionOf,
  topicsOfChanges,
} from "./look/stack-look";
import { namedOrThis } from "./stack/this-stack";
import { runMain } from "./terminal/main";
import { HELP, parseOptions } from "./replay/replay-options";
import { planLines, planOf, type ReplayStep, stepsBack, topicsOfTables } from "./replay/replay-plan";

const ASK_MS = 5_000;
/** How long the group may take to be empty: longer than the 10 s that `docker stop` gives the consumer. */
const EMPTY_MS = 30_000;
const JOIN_MS = 30_000;

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2), Date.now());
  if (options === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  const { prefix, containers } = await containersOf(await namedOrThis(options.stack), ASK_MS);
  if (consumerKindOf(containers) !== "handler")
    throw new Error(
      `${prefix} has not the project's consumer (cdc:consumer); a group of your own is rewound with Kafka's tools.`,
    );
  const [kafka, consumer] = [containerOf(containers, "kafka"), containerOf(containers, "consumer")];
  for (const { service, state } of [kafka, consumer]) {
    if (state === "missing")
      throw new Error(`${prefix} has no container of the ${service}. Start it with \`npm start\`.`);
  }
  if (!isThere(kafka)) throw new Error(`The broker of ${prefix} does not run. \`npm run status\` says more.`);
  const subscription = subscriptionOf(containers);
  const { group, inTransactions } = subscription;
  const server = brokerOf(kafka);
  const [steps, present] = await withBroker(server, ASK_MS, async (admin, existing) => {
    const wanted = topicsOfTables(options.tables, topicsOfChanges(subscription, existing));
    return [await planOf(admin, group, wanted, options.start), existing];
  });
  const back = stepsBack(steps, options.start);
  if (back.length === 0) {
    console.log("Nothing to repeat: no record from there on has been handled yet.");
    return 0;
  }
  console.log(
    `The handler gets again:\n${planLines(back, inTransactions || present.includes(TRANSACTION_LOG)).join("\n")}`,
  );
  if (!options.yes && !(await agreed("Repeat them?"))) return 1;
  const consumers = containers.filter(({ service, state }) => service === "consumer" && state !== "missing");
  console.log(consumers.length === 1 ? "Stopping the consumer." : `Stopping ${counted(consumers.length, "consumer")}.`);
  let done = false;
  await whileStopped(
    consumers.map(({ name }) => name),
    async () => {
      await rewind(server, group, back);
      done = true;
    },
  );
  if (!done) {
    console.log("The consumer is back. Nothing is repeated.");
    return INTERRUPTED;
  }
  console.log("The consumer is back; `npm run watch` shows them as they come.");
  return 0;
}

async function rewind(server: KafkaAddress, groupId: string, steps: readonly ReplayStep[]): Promise<void> {
  await withBroker(server, ASK_MS, async (admin) => {
    await poll<void>(
      async () => {
        const signal = endedBy();
        if (signal !== undefined) throw new Error(`Ended by ${signal}: nothing is repeated.`);
        const { groups } = await admin.describeGroups([groupId]);
        const state = groups[0]?.state ?? "unknown";
        // A member that was killed counts until its session ends.
        return ["Empty", "Dead"].includes(state) ? { done: true, value: undefined } : { done: false, seen: state };
      },
      { what: `group ${groupId} to have no member`, deadlineMs: EMPTY_MS, intervalMs: 100 },
    );
  });
  console.log(`Setting the offsets of ${counted(steps.length, "partition")}.`);
  await setOffsets(server, groupId, steps, JOIN_MS);
}

runMain(main);
