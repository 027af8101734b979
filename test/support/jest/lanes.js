/** Which test file with a stack runs beside which: two at a time, since a stack waits for most of its time. Pure. */

/** They tell milliseconds, or count images, which all stacks of a checkout share: nothing runs beside them. */
const ALONE = ["consumer", "images"];

/** They keep both cores busy by a load of their own: one at a time. */
const BUSY = ["chaos", "cluster", "exactly-once", "held-up", "pipeline", "reading", "schemas", "sink"];

/** The longest first, so that little is left of the last one when the other lane has ended; the rest, and a new file, come after them. */
const FIRST = [
  ...["tables", "connector", "kept-topics", "schemas", "existing", "pipeline", "engine", "postgres-18", "reading"],
  ...["held-up", "own-consumer", "sink", "kraft", "packed", "official-image", "mishaps", "chaos", "cluster", "verify"],
];

const wordOf = (path) => /([^/\\]+)\.test\.ts$/.exec(path)[1];

/** Paths of test files in the order in which they are to begin. */
function inOrder(paths) {
  const rank = (path) => {
    const word = wordOf(path);
    const place = FIRST.indexOf(word);
    return ALONE.includes(word) ? FIRST.length + 1 : place < 0 ? FIRST.length : place;
  };
  return [...paths].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/**
 * The next file to begin while others run, or undefined: then one of those has to end first.
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
