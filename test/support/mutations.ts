import fc from "fast-check";

/** How one JSON value is turned into another: what stands at a place of it is taken away, or is something else. */
export interface Mutation {
  /** Picks the place: the nth of them all, modulo their number. The whole is the first. */
  place: number;
  /** What stands there then; `undefined` takes it away. */
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

/** Pure: the value with that change. */
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
