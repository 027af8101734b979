/**
 * Runs a command under Linux's batch policy (sched(7)): a thread that wakes up waits for a free core. By default it interrupts a thread that runs. A
 * change passes five processes, and would interrupt each of them at least once. With idle cores, the policy changes nothing. With busy cores, a
 * process then handles several changes in one turn. When the kernel refuses the policy, as in a sandbox, the command runs without it.
 *
 * @param before shell commands that prepare what the command needs
 */
export function batchScheduled(command: readonly string[], before?: string): string[] {
  const steps = ["chrt --batch --pid 0 $$", ...(before === undefined ? [] : [before]), 'exec "$0" "$@"'];
  return ["sh", "-c", steps.join("; "), ...command];
}
