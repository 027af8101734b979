import { parseArgs } from "node:util";
import { CONTESTANTS, type ContestantName, USUAL_CONTESTANTS } from "./contestants/contestant";
import { type Measure, MEASURES, USUAL_MEASURES } from "./report/figure";

export const HELP = `Measures this pipeline against the same containers under compose, and against the stock compose file it began as.

  npm run bench -- [options]

  --quick          start, latency, images, nothing-to-do and destroy only, in one round: less than five minutes
  --rounds N       rounds, the contestants taking turns (default 3, with --quick 1)
  --only NAMES     only these contestants: ${CONTESTANTS.join(", ")} (default: all but kraft)
  --against REV    this checkout and that revision of the repository, in their place
  --measures NAMES only these: ${MEASURES.join(", ")}
                   (default: all but ${MEASURES.filter((name) => !USUAL_MEASURES.includes(name)).join(", ")})
  --json FILE      every sample and the summary
  --svg FILE       a picture of the medians
  --help           this text

Names are separated by commas. A whole run takes about an hour on two cores; a stack that runs beside it disturbs the figures.
`;

/** Error for a wrong argument. Its message says what is wrong and what is allowed. */
export class UsageError extends Error {}

export interface BenchOptions {
  quick: boolean;
  rounds: number;
  /** The contestants that take part. */
  only: ContestantName[];
  /** The revision with which this checkout is compared. */
  against: string | undefined;
  measures: Measure[];
  json: string | undefined;
  svg: string | undefined;
}

const QUICK_MEASURES: readonly Measure[] = ["images", "first-row", "latency", "noop", "destroy"];
const MOST_ROUNDS = 100;
const OPTIONS = {
  quick: { type: "boolean" },
  rounds: { type: "string" },
  only: { type: "string", multiple: true },
  against: { type: "string" },
  measures: { type: "string", multiple: true },
  json: { type: "string" },
  svg: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;
/** Names of options that npm has, too. */
const NPMS_OWN = ["only", "json", "help"];

/**
 * Parses the arguments; undefined when help is asked for.
 *
 * @param env where npm leaves options that it took for its own
 * @throws UsageError saying what is wrong and what is allowed
 */
export function parseOptions(args: string[], env: NodeJS.ProcessEnv = {}): BenchOptions | undefined {
  const taken = Object.keys(OPTIONS).find(
    (name) => !NPMS_OWN.includes(name) && env[`npm_config_${name}`] !== undefined,
  );
  if (taken !== undefined) {
    throw new UsageError(`npm took --${taken} for its own; it stands after --, as in \`npm run bench -- --${taken}\``);
  }
  const values = read(args);
  if (values.help) return undefined;
  const quick = values.quick ?? false;
  const against = filled("--against", values.against, "a revision, as git names it");
  for (const name of ["only", "svg"] as const) {
    if (against !== undefined && values[name] !== undefined) {
      throw new UsageError(`--${name} does not go with --against, which measures two revisions of this project`);
    }
  }
  return {
    quick,
    rounds: values.rounds === undefined ? (quick ? 1 : 3) : rounds(values.rounds),
    only: against === undefined ? some("--only", values.only, CONTESTANTS, USUAL_CONTESTANTS) : ["other", "ours"],
    against,
    measures: some("--measures", values.measures, MEASURES, quick ? QUICK_MEASURES : USUAL_MEASURES),
    json: filled("--json", values.json, "a file's name"),
    svg: filled("--svg", values.svg, "a file's name"),
  };
}

function read(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    // Node's first sentence names the argument. The rest is about dashes.
    const [sentence] = (error as Error).message.split(/\. |\.?\n/);
    const allowed = Object.keys(OPTIONS).map((name) => `--${name}`);
    throw new UsageError(`${sentence}; allowed are ${allowed.join(", ")}`);
  }
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

function filled(option: string, given: string | undefined, allowed: string): string | undefined {
  if (given === "") throw new UsageError(`${option} is empty; allowed is ${allowed}`);
  return given;
}
