import { mkdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { readBuildLog, type FailedStep } from "./build-log";

/** How long a step is shown before a line of its output is shown instead, in milliseconds. */
const QUIET_MS = 10_000;
/** The room beside a resource on a wide terminal. */
const MOST_CHARACTERS = 100;

export interface BuildListener {
  /** Is called when a step begins, and with lines of a step that takes long. */
  step(line: string): void;
  failed(step: FailedStep): void;
}

/**
 * Follows a build by the file to which it writes its progress. It keeps no process alive.
 *
 * The program ends a few milliseconds after a failed build. A watch of the file notices the last lines in time; polling would not.
 *
 * @param file is made here, because only an existing file can be watched
 * @returns the function that ends it
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

/** Pure: the message about a failed step. */
export function failureText(image: string, { step, output }: FailedStep, file: string): string {
  return [`the build of ${image} failed at ${shortened(step)}`, ...output, `All of its output is in ${file}.`].join(
    "\n",
  );
}

function shortened(line: string): string {
  const plain = line.replace(/\s+/g, " ").trim();
  return plain.length > MOST_CHARACTERS ? `${plain.slice(0, MOST_CHARACTERS - 1)}…` : plain;
}
