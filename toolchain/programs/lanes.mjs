/**
 * Runs `work` for each of `all`, in their order, `lanes` at a time.
 *
 * @template T, R
 * @param {readonly T[]} all
 * @param {number} lanes
 * @param {(one: T) => Promise<R>} work
 * @returns {Promise<R[]>} in the order of `all`
 */
export async function inLanes(all, lanes, work) {
  const results = new Array(all.length);
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < all.length; at = next++) results[at] = await work(all[at]);
  };
  await Promise.all(Array.from({ length: Math.max(1, lanes) }, lane));
  return results;
}
