/** Ends a wait in which nothing moves any more. */
export function isStale(ms: number): { moved(): void; watch(give: () => void): { stop(): void } } {
  let last = Date.now();
  return {
    moved: () => void (last = Date.now()),
    watch(give) {
      last = Date.now();
      const timer = setInterval(() => {
        if (Date.now() - last < ms) return;
        clearInterval(timer);
        give();
      }, 250);
      return { stop: () => clearInterval(timer) };
    },
  };
}
