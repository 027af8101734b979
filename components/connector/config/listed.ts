/** Pure: the entries of a list in a connector's config, as Kafka Connect reads them: `a, b`. */
export function listed(value: unknown): string[] {
  return String(value ?? "")
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);
}
