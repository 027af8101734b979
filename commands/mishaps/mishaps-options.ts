import { type Coordination, COORDINATIONS } from "../../components/settings/coordination";
import { onlyOption, readArguments, wholeOption, wordOption } from "../terminal/usage";
import type { Mishap } from "./mishap";
import { MISHAPS } from "./all-mishaps";

export const HELP = `Brings up a stack of its own, does to it what happens to a laptop between two starts, and starts it once more; again and again.

  npm run mishaps -- [options]

  --rounds N   how often, 1 to 500 (default 20)
  --seed N     the same number gives the same mishaps in the same order (default: chosen, and printed)
  --only NAMES only these mishaps, separated by commas
  --coordination WORD  what keeps the broker's metadata: zookeeper (default) or kraft
  --list       the mishaps there are
  --json       the result as JSON, for scripts
  --help       this text

Ends with 1 when a start needed more than it should, when rows of a database that is still there are gone, or when a table and
its topic are not equal afterwards.
`;

export interface MishapOptions {
  rounds: number;
  seed: number;
  coordination: Coordination;
  mishaps: readonly Mishap[];
  list: boolean;
  json: boolean;
}

/** Pure: the options; undefined when help is asked for. @param chosen the seed when the arguments have none. @throws UsageError */
export function parseOptions(args: string[], chosen: number): MishapOptions | undefined {
  const { values } = readArguments({
    args,
    options: {
      rounds: { type: "string" },
      seed: { type: "string" },
      coordination: { type: "string" },
      only: { type: "string", multiple: true },
      list: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const coordination = wordOption("coordination", values.coordination ?? "zookeeper", COORDINATIONS);
  return {
    rounds: wholeOption("rounds", values.rounds ?? "20", 1, 500),
    seed: wholeOption("seed", values.seed ?? String(chosen), 0, 2 ** 32 - 1),
    coordination,
    mishaps: onlyOption(values.only, MISHAPS[coordination]),
    list: values.list ?? false,
    json: values.json ?? false,
  };
}
