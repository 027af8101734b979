/** What ends the process: a part that cannot go on, an error that nobody caught, a signal. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Poison } from "../delivery/crash/poison";
import type { Feed } from "../feed/feed";
import type { Stream } from "../kafka/stream";
import { errorText, type Log, stackOf } from "../log";

/** Docker kills a container 10 s after it asked it to stop. */
const STOP_WITHIN_MS = 8_000;
/** For what is handled when the process ends by an error. */
const LAST_COMMIT_MS = 2_000;

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

  /** For what no change has to do with. */
  readonly giveUp = (message: string): never => {
    this.poison.forget();
    return this.die(`${message}; giving up, the container starts it again`);
  };

  /** @param stream the one that reads by then, if any does */
  onUncaught(stream: () => Stream | undefined): void {
    process.on("uncaughtException", (error: unknown) => {
      this.log.error(`unexpected: ${stackOf(error) ?? errorText(error)}`);
      setTimeout(() => process.exit(1), LAST_COMMIT_MS);
      // The change whose fault it is may be handled. Uncommitted, it would end the next process too.
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
    // The next process does not know these changes: what a client does not have now it will never have.
    feed.flush();
    this.log.info("stopped");
    process.exit(0);
  }
}
