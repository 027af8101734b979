/** Decides which test files with a stack run together: two at a time, because a stack waits for most of its time. Pure. */

/** Files that run alone: they measure milliseconds, or count images, which all stacks of a checkout share. */
const ALONE = ["consumer", "images"];

/** Files that keep both cores busy by a load of their own: they run one at a time. */
const BUSY = ["chaos", "cluster", "exactly-once", "held-up", "pipeline", "reading", "schemas", "sink"];

/** The longest files begin first, so that the lanes end at about the same time. All others, and new files, come after them. */
const FIRST = [
  ...["tables", "connector", "kept-topics", "schemas", "existing", "pipeline", "engine", "postgres-18", "reading"],
  ...["held-up", "own-consumer", "sink", "kraft", "packed", "official-image", "mishaps", "chaos", "cluster", "verify"],
];

const wordOf = (path) => /([^/\\]+)\.test\.ts$/.exec(path)[1];

/** Sorts paths of test files into the order in which they begin. */
function inOrder(paths) {
  const rank = (path) => {
    const word = wordOf(path);
    const place = FIRST.indexOf(word);
    return ALONE.includes(word) ? FIRST.length + 1 : place < 0 ? FIRST.length : place;
  };
  return [...paths].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/**
 * The next file to begin while others run; undefined when one of those has to end first.
 *
 * @param waiting paths in their order
 * @param running paths
 */
function nextOf(waiting, running) {
  const [first] = running.map(wordOf);
  if (first === undefined) return waiting[0];
  if (running.length > 1 || ALONE.includes(first)) return undefined;
  return waiting.find((path) => {
    const word = wordOf(path);
    return !ALONE.includes(word) && !(BUSY.includes(word) && BUSY.includes(first));
  });
}

module.exports = { inOrder, nextOf };
