import fc from "fast-check";

/** A change of a JSON value: the value at one of its places is removed or replaced. */
export interface Mutation {
  /** Selects the place: the nth of all, modulo their number. The first is the whole value. */
  place: number;
  /** The new value at the place; `undefined` removes it. */
  value: unknown;
}

export const mutations: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(200),
  value: fc.oneof(
    fc.constantFrom<unknown>(undefined, null, "", 0, -1, true, [], {}, "<html>", "__proto__", [null], [[]], {
      state: 1,
    }),
    fc.jsonValue({ maxDepth: 2 }),
  ),
});

/** Pure: the value with the change. */
export function mutated(value: unknown, { place, value: put }: Mutation): unknown {
  const places = placesOf(value);
  const path = places[place % places.length]!;
  if (path.length === 0) return put;
  const copy = structuredClone(value) as object;
  const parent = path.slice(0, -1).reduce<object>((inner, key) => Reflect.get(inner, key) as object, copy);
  if (put === undefined) Reflect.deleteProperty(parent, path.at(-1)!);
  else Reflect.set(parent, path.at(-1)!, put);
  return copy;
}

function placesOf(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner).map((path) => [key, ...path]))];
}
