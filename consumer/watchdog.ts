/**
 * Ends a process whose event loop stands still. With a handler in an endless loop, the process answers neither `/healthz` nor
 * SIGTERM, and Docker restarts containers that have ended, but not unhealthy ones. A thread of its own waits for signs of life.
 */
import { url as inspectorUrl } from "node:inspector";
import { Worker } from "node:worker_threads";

export interface WatchdogOptions {
  /** The process is ended after so long without a turn of the event loop. Longer than any garbage collection. */
  silentMs: number;
  /** How often a sign of life is given, and looked for. */
  everyMs: number;
}

export interface Watchdog {
  /** Does work that may wait for others without being stuck, such as for the reader of the standard output. */
  excuse<T>(work: () => T): T;
}

/** Places of the values that the two threads share. */
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
    // would be an exception and a pause for the code that writes lines (stdout.ts).
    stdout: true,
    stderr: true,
  });
  worker.unref();
  const sign = (): void => {
    Atomics.add(shared, SIGNS, 1);
    // With a debugger, the loop may stand still for as long as its user wants.
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

/** Runs in the thread, which gets it as text. So it uses nothing else of this module. */
function watch(load: (name: string) => unknown): void {
  const { workerData } = load("node:worker_threads") as { workerData: WorkerData };
  const { writeSync } = load("node:fs") as { writeSync(fd: number, text: string): number };
  const { shared, everyMs, patience, message } = workerData;
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  const signs = () => Atomics.load(shared, 0);
  let seen = -1;
  // Looks are counted, and not time: while the process is stopped, or its computer sleeps, this thread does not look either.
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
