/** The key by which the engine marks a secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Pure: inputs of a resource under mocks, with every secret unwrapped. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value) return plain((value as unknown as { value: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
