// Makes what is missing to run `pulumi up` here, and says in one line when nothing is.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { refuseArguments, stopOnSignals, stopRunning } from "./programs/command.mjs";
import { lookAround } from "./plan/facts.mjs";
import { acquireLock } from "./lock.mjs";
import { cache, pulumiHome, root } from "./environment/paths.mjs";
import { unwritable } from "./environment/writable.mjs";
import { canBegin, nodeTooOld, plan, readyText } from "./plan/plan.mjs";
import { failureText, reporter, SetUpError, took } from "./report.mjs";
import { baseImage } from "./steps/base-image-step.mjs";
import { cli } from "./steps/cli.mjs";
import { engine } from "./steps/engine.mjs";
import { plugin } from "./steps/plugin.mjs";
import { certificates, packages, stack } from "./steps/project.mjs";
import { clearTornWrites, restoreTornStates } from "./torn-writes.mjs";
import { pinsFrom } from "./plan/versions.mjs";

const STEPS = {
  engine,
  "base-image": baseImage,
  cli,
  "plugin-docker": plugin("docker"),
  "plugin-kafka": plugin("kafka"),
  packages,
  certificates,
  stack,
};

/** The steps of a command that builds no image: it has to run also where the disk is full, or no image can be had. */
export const WITHOUT_IMAGES = Object.keys(STEPS).filter((id) => id !== "base-image" && id !== "certificates");

/** What a set-up works with: folders, versions, environment. */
export function place(env = process.env) {
  // The CLI takes an empty name for one that is given, and then has no stack selected, whatever was.
  if (env.PULUMI_STACK === "") delete env.PULUMI_STACK;
  const read = (...path) => readFileSync(join(root, ...path), "utf8");
  const goMod = (module) => read("toolchain", "go", module, "go.mod");
  const goMods = {
    pulumi: goMod("pulumi"),
    "language-nodejs": goMod("language-nodejs"),
    providers: goMod("providers"),
  };
  return { root, cache, pulumiHome, env, logs: join(cache, "logs"), pins: pinsFrom(read("package.json"), goMods) };
}

/**
 * Makes what is missing; gives the facts of the machine that then has everything.
 *
 * @param {NodeJS.WriteStream} stream where the lines go
 * @param {string[]} [wanted] the only steps to take, of those in {@link STEPS}; all, where it is left out
 * @throws {SetUpError} what could not be made
 */
export async function setUp(stream, wanted) {
  const begun = Date.now();
  const report = reporter(stream);
  const here = place();
  const tooOld = nodeTooOld(process.versions.node, here.pins);
  if (tooOld) throw new SetUpError(tooOld);
  refuseUnwritable(tmpdir(), "temporary files", process.platform === "win32" ? "TEMP" : "TMPDIR");
  // First, since a CLI that cannot read the state names no stack as selected.
  for (const file of clearTornWrites(here)) report.line(`State: removed ${file}, which a killed run had not finished`);
  for (const { file, written } of restoreTornStates(here))
    report.line(`State: ${file} was cut off; the CLI's copy of ${written.toISOString()} is in its place`);
  const missingIn = (facts) => plan(facts, here.pins).filter(({ id }) => !wanted || wanted.includes(id));
  let facts = await lookAround(here);
  if (missingIn(facts).length > 0) {
    refuseTheImpossible(missingIn(facts));
    facts = await makeMissing(here, report, missingIn);
  }
  if (!wanted) report.line(`${readyText(facts, here.pins)} (${took(begun)})`);
  return facts;
}

/** Looks again after each step: the next decision rests on what is there, not on what a step was meant to do. */
async function makeMissing(here, report, missingIn) {
  refuseUnwritable(here.cache, "what outlives a checkout", "CDC_CACHE_DIR");
  refuseUnwritable(here.pulumiHome, "the Pulumi CLI", "PULUMI_HOME");
  mkdirSync(here.logs, { recursive: true });
  const release = await acquireLock(join(here.cache, "lock"), (pid) =>
    report.line(`Waiting for another set-up (process ${pid}) …`),
  );
  const atWork = new Map();
  const done = new Set();
  try {
    for (;;) {
      const facts = await lookAround(here);
      const missing = missingIn(facts).filter(({ id }) => !atWork.has(id));
      refuseTheImpossible(missing);
      if (missing.length === 0 && atWork.size === 0) return facts;
      for (const step of canBegin(missing, atWork.keys())) {
        const log = join(here.logs, `${step.id}.log`);
        if (done.has(step.id))
          throw new SetUpError({ problem: `${step.id}: made, and still missing.`, log, remedy: step.remedy });
        atWork.set(
          step.id,
          make(step, { ...here, facts, log }, report).then(() => step.id),
        );
      }
      const id = await Promise.race(atWork.values());
      atWork.delete(id);
      done.add(id);
    }
  } finally {
    // Where one has failed, what the others do is of no use.
    if (atWork.size > 0) stopRunning();
    await Promise.allSettled(atWork.values());
    release();
  }
}

async function make(step, context, report) {
  const maker = STEPS[step.id];
  rmSync(context.log, { force: true });
  for (const [i, way] of step.ways.entries()) {
    const next = step.ways[i + 1];
    const begun = Date.now();
    try {
      return await report.step(maker.title[way], () => maker[way](context));
    } catch (error) {
      const what = `${maker.title[way].replace(/: .*/, "")} (${way}, ${took(begun)})`;
      if (!next)
        throw new SetUpError({
          problem: `${what}: ${error.message}`,
          log: error.log ?? context.log,
          remedy: error.remedy ?? step.remedy,
        });
      report.line(`${what}: not possible here, see ${context.log}; next: ${next}`);
    }
  }
}

function refuseUnwritable(folder, what, variable) {
  const trouble = unwritable(folder, what, variable);
  if (trouble) throw new SetUpError(trouble);
}

function refuseTheImpossible(steps) {
  const impossible = steps.find(({ ways }) => ways.length === 0);
  if (impossible) throw new SetUpError(impossible);
}

/** Sets up and ends the process with 1 and a readable text if that fails. */
export async function setUpOrExit(stream, wanted) {
  const heedNoMore = stopOnSignals();
  try {
    return await setUp(stream, wanted);
  } catch (failure) {
    if (!(failure instanceof SetUpError)) throw failure;
    process.stderr.write(`${failureText(failure)}\n`);
    process.exit(1);
  } finally {
    heedNoMore();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  refuseArguments("setup", "Makes what this machine lacks for the stack, and says in one line when nothing does.");
  await setUpOrExit(process.stdout);
}
