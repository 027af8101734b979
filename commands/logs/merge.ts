/** Merges ordered sources into one ordered sequence. It holds one item of each source in memory. */
export async function* merged<T>(sources: AsyncIterable<T>[], before: (a: T, b: T) => boolean): AsyncGenerator<T> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
  for (;;) {
    let first = -1;
    heads.forEach((head, at) => {
      if (!head.done && (first < 0 || before(head.value, heads[first]!.value as T))) first = at;
    });
    if (first < 0) return;
    yield heads[first]!.value as T;
    heads[first] = await iterators[first]!.next();
  }
}
