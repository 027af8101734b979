import { mkdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { readBuildLog, type FailedStep } from "./build-log";

/** How long one step is left alone before a line of its output is shown in its place, in milliseconds. */
const QUIET_MS = 10_000;
/** As much as stands beside a resource on a wide terminal. */
const MOST_CHARACTERS = 100;

export interface BuildListener {
  /** A step has begun, or a line of one that takes long. */
  step(line: string): void;
  failed(step: FailedStep): void;
}

/**
 * Follows a build by the file that it writes its progress to. It keeps no process alive.
 *
 * The program ends a few milliseconds after a failed build. A watch of the file notices the last lines in time; polling would not.
 *
 * @param file made anew here; a watch needs one that is there
 * @returns ends it
 */
export function followBuild(file: string, listener: BuildListener): () => void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
  let [steps, saidAt, isOver] = [0, Date.now(), false];
  const look = (): void => {
    if (isOver) return;
    const log = readBuildLog(readFileSync(file, "utf8"));
    if (log.failed) {
      stop();
      return listener.failed(log.failed);
    }
    const isNew = log.steps.length > steps;
    const line = isNew ? log.steps.at(-1) : log.last;
    if (line === undefined || (!isNew && Date.now() - saidAt < QUIET_MS)) return;
    [steps, saidAt] = [log.steps.length, Date.now()];
    listener.step(shortened(line));
  };
  const watcher = watch(file, { persistent: false }, look);
  const stop = (): void => {
    isOver = true;
    watcher.close();
  };
  watcher.on("error", stop);
  return stop;
}

/** Pure: what a person reads of a step that failed. */
export function failureText(image: string, { step, output }: FailedStep, file: string): string {
  return [`the build of ${image} failed at ${shortened(step)}`, ...output, `All of its output is in ${file}.`].join(
    "\n",
  );
}

function shortened(line: string): string {
  const plain = line.replace(/\s+/g, " ").trim();
  return plain.length > MOST_CHARACTERS ? `${plain.slice(0, MOST_CHARACTERS - 1)}…` : plain;
}
