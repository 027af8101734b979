import { readArguments, UsageError } from "../commands/terminal/usage";
import { CONTESTANTS, type ContestantName, USUAL_CONTESTANTS } from "./contestants/contestant";
import { type Measure, MEASURES } from "./report/figure";

export const HELP = `Measures this pipeline against the same containers under compose, and against the stock compose file it began as.

  npm run bench -- [options]

  --quick          start, latency, images, nothing-to-do and destroy only, in one round: less than five minutes
  --rounds N       rounds, the contestants taking turns (default 3, with --quick 1)
  --only NAMES     only these contestants: ${CONTESTANTS.join(", ")} (default: all but kraft)
  --measures NAMES only these: ${MEASURES.join(", ")}
  --json FILE      every sample and the summary
  --svg FILE       a picture of the medians
  --help           this text

Names are separated by commas. A whole run takes about an hour on two cores; a stack that runs beside it disturbs the figures.
`;

export interface BenchOptions {
  quick: boolean;
  rounds: number;
  only: ContestantName[];
  measures: Measure[];
  json: string | undefined;
  svg: string | undefined;
}

const QUICK_MEASURES: readonly Measure[] = ["images", "first-row", "latency", "noop", "destroy"];
const MOST_ROUNDS = 100;

/** Undefined when help is asked for. @throws UsageError saying what is wrong and what is allowed */
export function parseOptions(args: string[]): BenchOptions | undefined {
  const { values } = readArguments({
    args,
    options: {
      quick: { type: "boolean" },
      rounds: { type: "string" },
      only: { type: "string", multiple: true },
      measures: { type: "string", multiple: true },
      json: { type: "string" },
      svg: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const quick = values.quick ?? false;
  return {
    quick,
    rounds: values.rounds === undefined ? (quick ? 1 : 3) : rounds(values.rounds),
    only: some("--only", values.only, CONTESTANTS, USUAL_CONTESTANTS),
    measures: some("--measures", values.measures, MEASURES, quick ? QUICK_MEASURES : MEASURES),
    json: file("--json", values.json),
    svg: file("--svg", values.svg),
  };
}

function rounds(given: string): number {
  const n = Number(given);
  if (!/^\d+$/.test(given) || n < 1 || n > MOST_ROUNDS) {
    throw new UsageError(`--rounds is "${given}"; allowed is a number from 1 to ${MOST_ROUNDS}`);
  }
  return n;
}

/** The named ones in the order of `allowed`. */
function some<T extends string>(
  option: string,
  given: string[] | undefined,
  allowed: readonly T[],
  otherwise: readonly T[],
): T[] {
  if (given === undefined) return [...otherwise];
  const names = given.flatMap((text) => text.split(",")).map((name) => name.trim());
  const wrong = names.find((name) => !(allowed as readonly string[]).includes(name));
  if (wrong !== undefined) throw new UsageError(`${option} has "${wrong}"; allowed are ${allowed.join(", ")}`);
  return allowed.filter((name) => names.includes(name));
}

function file(option: string, given: string | undefined): string | undefined {
  if (given === "") throw new UsageError(`${option} is empty; allowed is a file's name`);
  return given;
}
