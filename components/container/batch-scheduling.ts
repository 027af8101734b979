/**
 * A command under Linux's batch policy (sched(7)): a thread that is woken waits for a core that is free, and takes none
 * from who works. By default each change interrupts, once or more, every one of five processes on a laptop's few cores.
 * So it goes on alone where nothing else is to do, and in company where the cores are full. Where the policy is refused,
 * by a sandbox for example, the command runs without it.
 *
 * @param before shell commands that make ready what the command needs
 */
export function batchScheduled(command: readonly string[], before?: string): string[] {
  const steps = ["chrt --batch --pid 0 $$", ...(before === undefined ? [] : [before]), 'exec "$0" "$@"'];
  return ["sh", "-c", steps.join("; "), ...command];
}
