import type { SettingKey } from "../../components/settings/setting-list";
import { onlyOption, outputOption, readArguments, UsageError, wholeOption, wordOption } from "../terminal/usage";
import type { Fault } from "./faults/fault";
import { type Coordination, COORDINATIONS } from "../../components/settings/coordination";
import { FAULTS } from "./faults/all-faults";
import { overlapping } from "./overlap";

export const HELP = `Brings up a stack of its own, writes to it, breaks one thing after the other, and counts what arrived.

  npm run chaos -- [options]

  --minutes N   how long faults go on, 1 to 600 (default 5)
  --rate N      changes a second, 1 to 5000 (default 500)
  --every N     seconds from the beginning of one fault to that of the next, 1 to 3600, or longer where the stack has not caught up
                by then (default: 0.5 to 6 after it has caught up)
  --seed N      the same number gives the same faults in the same order with the same pauses (default: chosen, and printed)
  --exactly-once
                the stack has cdc:exactlyOnce=true, and a change that is in its topics twice is a bad end, too
  --overlap     two different faults at once, each time, of those that need no hands
  --set NAME=VALUE
                a setting of the stack, as in docs/configuration.md; may be given several times
  --engine-restart COMMAND
                how the engine is restarted, for the fault engine-restarted
  --cluster     the stack has three brokers and two workers: of several one is struck, in turn
  --only NAMES  only these faults, separated by commas; some come only so, which --list says
  --coordination WORD  what keeps the broker's metadata: zookeeper (default) or kraft
  --list        the faults there are
  --json        the result as JSON, for scripts
  --svg FILE    draws how long each fault took until all was caught up
  --recorded FILES
                no run: tells, or draws, what earlier ones left in dist/chaos/results.json, taken together; separated by commas
  --help        this text

Ends with 1 when a committed change is lost, invented or out of order, when hands were needed where none should be, or when a table and
its topic are not equal in the end. What was written, told and handled stays in dist/chaos.
`;

export interface ChaosOptions {
  minutes: number;
  rate: number;
  /** Seconds from one fault to the next, at least. @default each once the stack has caught up with the one before */
  every?: number;
  seed: number;
  coordination: Coordination;
  exactlyOnce: boolean;
  cluster: boolean;
  /** Whether two faults come at once. */
  overlap: boolean;
  /** Further settings of the stack. */
  set: Record<string, string>;
  engineRestart?: string;
  faults: readonly Fault[];
  list: boolean;
  json: boolean;
  /** Where the picture goes. */
  svg?: string;
  /** Files of earlier runs, which are reported instead of a new run. */
  recorded?: string;
}

/** Pure. Undefined when help is asked for. @param seed the seed where none is given. @throws UsageError */
export function parseOptions(args: string[], seed: number): ChaosOptions | undefined {
  const { values } = readArguments({
    args,
    options: {
      minutes: { type: "string" },
      rate: { type: "string" },
      every: { type: "string" },
      seed: { type: "string" },
      coordination: { type: "string" },
      "exactly-once": { type: "boolean" },
      cluster: { type: "boolean" },
      overlap: { type: "boolean" },
      set: { type: "string", multiple: true },
      "engine-restart": { type: "string" },
      only: { type: "string", multiple: true },
      list: { type: "boolean" },
      json: { type: "boolean" },
      svg: { type: "string" },
      recorded: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const coordination = wordOption("coordination", values.coordination ?? "zookeeper", COORDINATIONS);
  return {
    minutes: wholeOption("minutes", values.minutes ?? "5", 1, 600),
    rate: wholeOption("rate", values.rate ?? "500", 1, 5000),
    ...(values.every !== undefined && { every: wholeOption("every", values.every, 1, 3600) }),
    seed: wholeOption("seed", values.seed ?? String(seed), 0, 2 ** 32 - 1),
    coordination,
    exactlyOnce: values["exactly-once"] ?? false,
    cluster: values.cluster ?? false,
    overlap: values.overlap ?? false,
    set: settingsOption(values.set ?? []),
    ...(values["engine-restart"] !== undefined && { engineRestart: values["engine-restart"] }),
    faults: chosen(coordination, values),
    list: values.list ?? false,
    json: values.json ?? false,
    ...(values.svg !== undefined && { svg: outputOption("svg", values.svg) }),
    ...(values.recorded !== undefined && { recorded: values.recorded }),
  };
}

function chosen(
  coordination: Coordination,
  { only, list, overlap }: { only?: string[]; list?: boolean; overlap?: boolean },
): readonly Fault[] {
  const all = FAULTS[coordination];
  const named = only || list ? onlyOption(only, all) : all.filter(({ onlyNamed }) => !onlyNamed);
  if (new Set(named.flatMap(({ disks }) => disks ?? [])).size > 1 && !list)
    throw new UsageError("--only names faults that fill disks and one that cuts their power: give them a run each");
  const faults = overlap ? overlapping(named) : named;
  if (overlap && faults.length < 2)
    throw new UsageError("--overlap needs two faults that need no hands, which --list says");
  return faults;
}

/** Settings that a run lets the user choose, because it does not depend on their values. */
const FREE: readonly SettingKey[] = [
  ...(["postgresVersion", "postgresImage", "kafkaImage", "replicationFactor", "minInsyncReplicas"] as const),
  ...(["retention", "cleanupPolicy", "maxRecordMb", "logLevel", "flushBeforeAck"] as const),
  ...(["postgresMemoryMb", "kafkaMemoryMb", "connectMemoryMb", "consumerMemoryMb"] as const),
];

/** Settings with which every run would end badly, and why. */
const NEEDED: { readonly [name in SettingKey]?: string } = {
  partitions: "the writer truncates a table, and partitions have no order by which `verify` could compare it",
  replicaIdentity: "a delete's record names the version that it ends, which only FULL writes",
};

/** Pure. @throws UsageError */
function settingsOption(given: readonly string[]): Record<string, string> {
  const entries = given.map((pair): [string, string] => {
    const [name = "", value] = pair.split(/=(.*)/s);
    const why = NEEDED[name as SettingKey];
    if (why !== undefined) throw new UsageError(`--set ${name} cannot be chosen: ${why}`);
    if (value === undefined || !FREE.includes(name as SettingKey))
      throw new UsageError(`--set is "${pair}"; allowed is NAME=VALUE, where NAME is one of ${FREE.join(", ")}`);
    return [name, value];
  });
  return Object.fromEntries(entries);
}
