/**
 * Measures how many records a second one core handles: in the consumer's parser, and from record to log line.
 * Run: npx ts-node test/bench/parser.ts
 */
import { isChange } from "../../consumer/change/change-event";
import { parseRecord } from "../../consumer/change/parse-record";
import { changeToJson } from "../consumer/change/line";
import type { Texts } from "../../consumer/change/envelope";
import { ALEX, MOVED, RAW, TOPIC, envelope, record, withSchema } from "../consumer/records";

const SECONDS = 2;
const KINDS = {
  "update, no schemas": record({ id: 1 }, envelope("u", ALEX, MOVED)),
  "create, no schemas": record({ id: 1 }, envelope("c", null, ALEX)),
  "delete, no schemas": record({ id: 1 }, envelope("d", ALEX, null)),
  "update with an integer beyond 2^53": record(
    { id: 1 },
    envelope("u", { ...ALEX, big: RAW("9007199254740993") }, { ...MOVED, big: RAW("9007199254740993") }),
  ),
  "update with schemas": record(withSchema({ id: 1 }), withSchema(envelope("u", ALEX, MOVED))),
  "unwrapped row": record({ id: 1 }, { ...ALEX, __op: "u", __deleted: "false" }),
};

/** Counts CPU time, so that other work on the machine does not matter. */
function perSecond(work: () => void): number {
  const until = (ms: number) => {
    const start = process.cpuUsage();
    let rounds = 0;
    let elapsed: number;
    do {
      for (let i = 0; i < 1000; i++) work();
      rounds += 1000;
      const { user, system } = process.cpuUsage(start);
      elapsed = (user + system) / 1000;
    } while (elapsed < ms);
    return (rounds * 1000) / elapsed;
  };
  until(300);
  // The best of several runs: what the core can do when nothing else uses it.
  return Math.max(...Array.from({ length: 8 }, () => until(SECONDS * 125)));
}

const texts: Texts = { key: null, before: null, after: null };
const table: { [kind: string]: object } = {};
for (const [kind, message] of Object.entries(KINDS)) {
  const event = parseRecord(TOPIC, 0, message);
  if (!isChange(event)) throw new Error(`${kind}: ${JSON.stringify(event)}`);
  const whole = () => {
    const change = parseRecord(TOPIC, 0, message, texts);
    if (isChange(change)) changeToJson(change, { id: 1, lagMs: 1.5 }, texts);
  };
  table[kind] = {
    bytes: message.value!.length,
    "parsed/s": Math.round(perSecond(() => parseRecord(TOPIC, 0, message))),
    "to log line/s": Math.round(perSecond(whole)),
  };
}
console.table(table);
