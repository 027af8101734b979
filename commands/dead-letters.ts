/** `npm run dead-letters`: what could not be handled, and handing it to the handler again. */
import { agreed } from "./ask";
import { choose } from "./dead-letters/choose";
import { isOf, type Standing } from "./dead-letters/letter";
import { type DeadLetterOptions, HELP, parseOptions } from "./dead-letters/options";
import { letterJson, listLines, recordJson, showLines } from "./dead-letters/render";
import { ASK_MS, type Place, readLetter, readStandings, sendBack } from "./dead-letters/topics";
import { counted } from "./look/format";
import { brokerOf, consumerKindOf, containerOf, containersOf, subscriptionOf } from "./look/look";
import { runMain } from "./main";
import { paintFor } from "./paint";

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  const place = await placeOf(options.stack);
  switch (options.action.kind) {
    case "list":
      return list(place, options);
    case "show":
      return show(place, options, options.action.number);
    case "again":
      return again(place, options, options.action);
  }
}

/** @throws in a sentence when a part of the stack does not run */
async function placeOf(stack: string | undefined): Promise<Place> {
  const { prefix, containers } = await containersOf(stack, ASK_MS);
  if (consumerKindOf(containers) !== "handler")
    throw new Error(`${prefix} has not the project's consumer (cdc:consumer), which is who writes dead letters.`);
  const [kafka, consumer] = [containerOf(containers, "kafka"), containerOf(containers, "consumer")];
  if (kafka.state !== "running") throw new Error(`The broker of ${prefix} does not run. \`npm run status\` says more.`);
  const { group, deadLetterTopic, retryTopic } = subscriptionOf(containers);
  if (consumer.state === "missing" || deadLetterTopic === undefined) {
    throw new Error(
      `${prefix} has no container of the consumer, which says where the dead letters are. Start it with \`npm start\`.`,
    );
  }
  return { server: brokerOf(kafka), group, deadLetterTopic, retryTopic };
}

async function list(place: Place, { tables, json }: DeadLetterOptions): Promise<number> {
  const standings = (await readStandings(place)).filter(({ letter }) => isOf(letter, tables));
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

async function show(place: Place, { json }: DeadLetterOptions, number: string): Promise<number> {
  const record = await readLetter(place, number);
  const standing = (await readStandings(place)).find(({ letter }) => letter.number === number)!;
  if (json) print(JSON.stringify(recordJson(standing, record), undefined, 2));
  else print(...showLines(standing, record, paintFor(process.stdout)));
  return 0;
}

/** @returns 1 when something that was meant is not sent */
async function again(
  place: Place,
  { yes, json, tables }: DeadLetterOptions,
  action: Extract<DeadLetterOptions["action"], { kind: "again" }>,
): Promise<number> {
  const { retryTopic } = place;
  if (retryTopic === undefined) {
    throw new Error(
      "The consumer was made before dead letters could be sent back: it reads no topic for them. `npm start` brings it up to date.",
    );
  }
  const { send, refused } = choose(await readStandings(place), action, tables, place.group);
  // In JSON mode the standard output is for the result alone.
  const tell = (...lines: string[]) => (json ? process.stderr.write(`${lines.join("\n")}\n`) : print(...lines));
  for (const { reason } of refused) tell(reason);
  if (send.length > 0 && !yes) {
    tell(...asked(send));
    if (!(await agreed("Send back?"))) return 1;
  }
  const numbers = send.map(({ letter }) => letter.number);
  if (numbers.length > 0) await sendBack(place, retryTopic, numbers);
  if (json) print(JSON.stringify({ sent: numbers.map(Number), refused }, undefined, 2));
  else if (numbers.length === 0) print("Nothing to send back.");
  else {
    print(
      `${counted(numbers.length, "dead letter")} sent back by ${retryTopic}. \`npm run dead-letters\` tells what became of them.`,
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
