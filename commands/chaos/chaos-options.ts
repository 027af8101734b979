import { onlyOption, readArguments, wholeOption, wordOption } from "../terminal/usage";
import type { Fault } from "./faults/fault";
import { type Coordination, COORDINATIONS } from "../../components/settings/coordination";
import { FAULTS } from "./faults/all-faults";

export const HELP = `Brings up a stack of its own, writes to it, breaks one thing after the other, and counts what arrived.

  npm run chaos -- [options]

  --minutes N   how long faults go on, 1 to 600 (default 5)
  --rate N      changes a second, 1 to 5000 (default 500)
  --seed N      the same number gives the same faults in the same order with the same pauses (default: chosen, and printed)
  --exactly-once
                the stack has cdc:exactlyOnce=true, and a change that is in its topics twice is a bad end, too
  --cluster     the stack has three brokers and two workers: of several one is struck, in turn
  --only NAMES  only these faults, separated by commas
  --coordination WORD  what keeps the broker's metadata: zookeeper (default) or kraft
  --list        the faults there are
  --json        the result as JSON, for scripts
  --help        this text

Ends with 1 when a committed change is lost, invented or out of order, when hands were needed where none should be, or when a table and
its topic are not equal in the end. What was written, told and handled stays in dist/chaos.
`;

export interface ChaosOptions {
  minutes: number;
  rate: number;
  seed: number;
  coordination: Coordination;
  exactlyOnce: boolean;
  cluster: boolean;
  faults: readonly Fault[];
  list: boolean;
  json: boolean;
}

/** Pure. Undefined when help is asked for. @param chosen the seed where none is given. @throws UsageError */
export function parseOptions(args: string[], chosen: number): ChaosOptions | undefined {
  const { values } = readArguments({
    args,
    options: {
      minutes: { type: "string" },
      rate: { type: "string" },
      seed: { type: "string" },
      coordination: { type: "string" },
      "exactly-once": { type: "boolean" },
      cluster: { type: "boolean" },
      only: { type: "string", multiple: true },
      list: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const coordination = wordOption("coordination", values.coordination ?? "zookeeper", COORDINATIONS);
  return {
    minutes: wholeOption("minutes", values.minutes ?? "5", 1, 600),
    rate: wholeOption("rate", values.rate ?? "500", 1, 5000),
    seed: wholeOption("seed", values.seed ?? String(chosen), 0, 2 ** 32 - 1),
    coordination,
    exactlyOnce: values["exactly-once"] ?? false,
    cluster: values.cluster ?? false,
    faults: onlyOption(values.only, FAULTS[coordination]),
    list: values.list ?? false,
    json: values.json ?? false,
  };
}
