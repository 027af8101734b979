/**
 * Ends a process whose event loop has come to a stop: a handler in an endless loop answers neither `/healthz` nor SIGTERM, and
 * Docker restarts what has ended, not what is unhealthy. A thread of its own waits for signs of life, since nothing else runs.
 */
import { url as inspectorUrl } from "node:inspector";
import { Worker } from "node:worker_threads";

export interface WatchdogOptions {
  /** So long without a turn of the event loop is an end. Longer than any garbage collection. */
  silentMs: number;
  /** How often a sign of life is given, and looked for. */
  everyMs: number;
}

export interface Watchdog {
  /** What may wait for others without being stuck: for whom reads the standard output, say. */
  excuse<T>(work: () => T): T;
}

/** Places of what the two threads share. */
const SIGNS = 0;
const EXCUSED = 1;

export function watchEventLoop({ silentMs, everyMs }: WatchdogOptions): Watchdog {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const message =
    `the event loop has stood still for ${silentMs / 1000} s, which a handler that never returns does: ` +
    "killing the process, the container starts it again\n";
  const worker = new Worker(`(${watch.toString()})(require)`, {
    eval: true,
    workerData: { shared, everyMs, patience: Math.ceil(silentMs / everyMs), message },
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
    // Node connects a thread's output to `process.stdout` otherwise, which makes a pipe non-blocking for the whole process: each full pipe
    // would be an exception and a pause for whoever writes lines (stdout.ts).
    stdout: true,
    stderr: true,
  });
  worker.unref();
  const sign = (): void => {
    Atomics.add(shared, SIGNS, 1);
    // A debugger stops the loop for as long as its user thinks.
    Atomics.store(shared, EXCUSED, inspectorUrl() === undefined ? 0 : 1);
  };
  setInterval(sign, everyMs).unref();
  return {
    excuse(work) {
      const before = Atomics.exchange(shared, EXCUSED, 1);
      try {
        return work();
      } finally {
        Atomics.store(shared, EXCUSED, before);
      }
    },
  };
}

interface WorkerData {
  shared: Int32Array;
  everyMs: number;
  /** Looks without a sign of life before the end. */
  patience: number;
  message: string;
}

/** Runs in the thread, from its text: uses nothing of this module. */
function watch(load: (name: string) => unknown): void {
  const { workerData } = load("node:worker_threads") as { workerData: WorkerData };
  const { writeSync } = load("node:fs") as { writeSync(fd: number, text: string): number };
  const { shared, everyMs, patience, message } = workerData;
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  const signs = () => Atomics.load(shared, 0);
  let seen = -1;
  // Looks are counted, not time: a process that was stopped, or slept with its computer, has not looked either.
  let silent = 0;
  for (;;) {
    Atomics.wait(nobody, 0, 0, everyMs);
    silent = signs() !== seen || Atomics.load(shared, 1) === 1 ? 0 : silent + 1;
    seen = signs();
    if (silent < patience) continue;
    try {
      writeSync(2, message);
    } catch {
      // Nobody reads it any more.
    }
    // The write may have waited as well. No handler of signals runs any more, so nothing milder than this one is heard.
    if (signs() === seen) process.kill(process.pid, "SIGKILL");
  }
}
