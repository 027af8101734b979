/** `npm run dead-letters`: shows records that could not be handled, and hands them to the handler again. */
import { teachCodecs } from "../consumer/kafka/compression/codecs";
import { momentary } from "../components/existing/kafka/group-names";
import { clientConfig } from "../components/existing/kafka/kafka-access";
import { withBroker } from "../components/preflight/broker-look";
import { quietRequestQueues } from "../consumer/kafka/internals/request-queue";
import { LetterBox } from "../consumer/kafka/letters/letter-box";
import { choose } from "../consumer/letters/choose";
import { isOf, letterJson, type Standing } from "../consumer/letters/letter";
import { agreed } from "./terminal/ask";
import { type DeadLetterOptions, HELP, parseOptions } from "./dead-letters/dead-letters-options";
import { listLines, recordJson, showLines } from "./dead-letters/letter-lines";
import { isThere } from "./look/containers-look";
import { counted } from "./look/amounts";
import { checkTables } from "./dead-letters/known-tables";
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
import { paintFor } from "./terminal/paint";

const ASK_MS = 5_000;

// The topic may have records of any compression.
teachCodecs();

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  const { box, group, topics } = await boxOf(
    options.action.kind === "again" ? await namedOrThis(options.stack) : options.stack,
  );
  const standings = async (): Promise<Standing[]> => {
    const all = await box.standings();
    if (options.tables.length > 0) checkTables(options.tables, await topics(), all);
    return all;
  };
  switch (options.action.kind) {
    case "list":
      return list(await standings(), options);
    case "show":
      return show(box, options, options.action.number);
    case "again":
      return again(box, standings, group, options, options.action);
  }
}

interface Box {
  box: LetterBox;
  group: string;
  /** Asks the broker for the topics that the consumer reads. */
  topics(): Promise<string[]>;
}

/** @throws with a sentence when a part of the stack does not run */
async function boxOf(stack: string | undefined): Promise<Box> {
  const { prefix, containers } = await containersOf(stack, ASK_MS);
  if (consumerKindOf(containers) !== "handler")
    throw new Error(`${prefix} has not the project's consumer (cdc:consumer), which is who writes dead letters.`);
  const [kafka, consumer] = [containerOf(containers, "kafka"), containerOf(containers, "consumer")];
  if (!isThere(kafka)) throw new Error(`The broker of ${prefix} does not run. \`npm run status\` says more.`);
  const subscription = subscriptionOf(containers);
  const { group, deadLetterTopic, retryTopic } = subscription;
  if (consumer.state === "missing" || deadLetterTopic === undefined) {
    throw new Error(
      `${prefix} has no container of the consumer, which says where the dead letters are. Start it with \`npm start\`.`,
    );
  }
  quietRequestQueues();
  const box = new LetterBox({
    kafka: { clientId: "cdc-dead-letters", ...clientConfig(brokerOf(kafka)) },
    groupId: group,
    readerGroupId: momentary(prefix, "look"),
    deadLetterTopic,
    retryTopic: retryTopic ?? null,
  });
  const topics = () =>
    withBroker(brokerOf(kafka), ASK_MS, async (_admin, existing) => topicsOfChanges(subscription, existing));
  return { box, group, topics };
}

function list(all: readonly Standing[], { tables, json }: DeadLetterOptions): number {
  const standings = all.filter(({ letter }) => isOf(letter, tables));
  if (json) {
    print(JSON.stringify({ deadLetters: standings.map(letterJson) }, undefined, 2));
    return 0;
  }
  if (standings.length === 0) {
    print("No dead letters.");
    return 0;
  }
  const waiting = standings.filter(({ state }) => state === "waiting").length;
  print(...listLines(standings, paintFor(process.stdout)));
  print("", `${counted(standings.length, "dead letter")}, ${waiting} waiting.`);
  if (waiting > 0) print("`npm run dead-letters -- show N` shows one, `again N` or `again --all` sends them back.");
  return 0;
}

async function show(box: LetterBox, { json }: DeadLetterOptions, number: string): Promise<number> {
  const standing = await box.standing(number);
  const record = await box.letter(number);
  if (standing === undefined || record === undefined)
    throw new Error(`There is no dead letter ${number}. \`npm run dead-letters\` lists them.`);
  if (json) print(JSON.stringify(recordJson(standing, record), undefined, 2));
  else print(...showLines(standing, record, paintFor(process.stdout)));
  return 0;
}

/** @returns the exit code: 1 when some of the named letters are not sent */
async function again(
  box: LetterBox,
  standings: () => Promise<Standing[]>,
  group: string,
  { yes, json, tables }: DeadLetterOptions,
  action: Extract<DeadLetterOptions["action"], { kind: "again" }>,
): Promise<number> {
  if (box.retryTopic === null) {
    throw new Error(
      "The consumer was made before dead letters could be sent back: it reads no topic for them. `npm start` brings it up to date.",
    );
  }
  const { send, refused } = choose(await standings(), action.numbers, tables, group);
  // In JSON mode, the standard output has only the result.
  const tell = (...lines: string[]) => (json ? process.stderr.write(`${lines.join("\n")}\n`) : print(...lines));
  for (const { reason } of refused) tell(reason);
  if (send.length > 0 && !yes) {
    tell(...asked(send));
    if (!(await agreed("Send back?"))) return 1;
  }
  const numbers = send.map(({ letter }) => letter.number);
  await box.sendBack(send.map(({ letter }) => letter));
  if (json) print(JSON.stringify({ sent: numbers.map(Number), refused }, undefined, 2));
  else if (numbers.length === 0) print("Nothing to send back.");
  else {
    print(
      `${counted(numbers.length, "dead letter")} sent back by ${box.retryTopic}. \`npm run dead-letters\` tells what became of them.`,
    );
  }
  return refused.length > 0 ? 1 : 0;
}

function asked(send: readonly Standing[]): string[] {
  return [
    "The handler gets again, in this order:",
    ...listLines(send, paintFor(process.stdout)).map((line) => `  ${line}`),
    "Newer changes of the same rows may have been handled since, and these come after them: a handler that keeps the newest",
    "state has to compare `eventId`.",
  ];
}

function print(...lines: string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

runMain(main);
