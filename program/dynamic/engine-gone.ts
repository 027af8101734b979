import { connect } from "node:net";

/** The port in the address of an engine, as Pulumi gives it to what the engine starts: `127.0.0.1:40123`. */
export function enginePort(address = ""): number | undefined {
  const [, port] = /^(?:127\.0\.0\.1|localhost):(\d+)$/.exec(address) ?? [];
  return port === undefined ? undefined : Number(port);
}

/** Whether nobody listens at the engine's port any more. No answer within a second counts as no, since a busy machine answers late. */
export function isGone(port: number): Promise<boolean> {
  const socket = connect({ host: "127.0.0.1", port, timeout: 1000 });
  return new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(false));
    socket.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code === "ECONNREFUSED"));
    socket.once("timeout", () => resolve(false));
  }).finally(() => socket.destroy());
}

/** How often a provider's process looks for its engine, in milliseconds. */
const EVERY_MS = 2000;

/**
 * Ends this process once the engine that started it is gone. Pulumi's provider process never looks: after a `kill -9` of the CLI it would wait for
 * ever, and before that go on with what it was told, beside the next run. What it leaves half-made the next `up` finishes, as after a power cut.
 *
 * @param words the process's arguments. The last one is the engine's address; without an address the process is not watched
 */
export function endWithEngine(words: readonly string[] = process.argv): void {
  const port = enginePort(words.at(-1));
  if (port === undefined) return;
  const look = (): void => void isGone(port).then((gone) => gone && process.exit(1));
  setInterval(look, EVERY_MS).unref();
}
