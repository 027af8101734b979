/**
 * Has the process fail, and say so, where it ends before the returned function is called. Node ends a process that has nothing left to wait for with
 * code 0, also where a promise is still open: figures that were not measured would count as measured.
 */
export function failWhileOpen(): () => void {
  const open = (code: number): void => {
    if (code !== 0) return;
    process.stderr.write("Ended before it was done: something that it waited for never answered. Run it again.\n");
    process.exitCode = 1;
  };
  process.once("exit", open);
  return () => void process.off("exit", open);
}
