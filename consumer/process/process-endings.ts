/** Ends the process: for a part that cannot go on, for an error that nobody caught, on a signal. */
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { Poison } from "../delivery/crash/poison";
import type { Feed } from "../feed/feed";
import type { Stream } from "../kafka/stream";
import { errorText, type Log, stackOf } from "../log";

/** Docker kills a container 10 s after it asked it to stop. */
const STOP_WITHIN_MS = 8_000;
/** How long the last commit may take when an uncaught error ends the process. */
const LAST_COMMIT_MS = 2_000;
/** How long a client's connection may take for the last changes. */
const LAST_SEND_MS = 1_000;

export class ProcessEndings {
  private stopping = false;

  constructor(
    private readonly log: Log,
    private readonly poison: Poison,
  ) {}

  readonly die = (message: string): never => {
    this.log.error(message);
    process.exit(1);
  };

  /** Ends the process for a reason that no change has caused. So no change is suspected of it. */
  readonly giveUp = (message: string): never => {
    this.poison.forget();
    return this.die(`${message}; giving up, the container starts it again`);
  };

  /** @param stream returns the stream that reads at that time, if there is one */
  onUncaught(stream: () => Stream | undefined): void {
    process.on("uncaughtException", (error: unknown) => {
      this.log.error(`unexpected: ${stackOf(error) ?? errorText(error)}`);
      setTimeout(() => process.exit(1), LAST_COMMIT_MS);
      // The change that caused the error may already count as handled. If that were not committed, it would end the next process too.
      void nextTurn()
        .then(() => stream()?.commit())
        .finally(() => process.exit(1));
    });
  }

  onSignal(life: { stop(): Promise<void> }, feed: Feed): void {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void this.stop(signal, life, feed));
  }

  private async stop(signal: string, life: { stop(): Promise<void> }, feed: Feed): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    this.poison.forget();
    this.log.info(`${signal}: finishing the changes at hand and leaving the group`);
    setTimeout(() => this.die(`did not finish in ${STOP_WITHIN_MS} ms`), STOP_WITHIN_MS).unref();
    await life.stop().catch((error: Error) => this.die(`did not stop well: ${errorText(error)}`));
    // The next process does not have these changes. A client that does not get them now never will.
    await Promise.race([feed.end(), sleep(LAST_SEND_MS)]);
    this.log.info("stopped");
    process.exit(0);
  }
}
