/** Parts of kafkajs that are replaced. README.md says by what. */
export const KAFKAJS_PARTS = ["decoder", "timers", "stops", "commits", "topics"] as const;
export type KafkajsPart = (typeof KAFKAJS_PARTS)[number];

const WHOLE: Record<string, readonly KafkajsPart[]> = { changed: KAFKAJS_PARTS, "as-published": [] };

/** Pure: the parts to replace, from `changed` (all), `as-published` (none) or their names. `config.ts` reports other values as wrong. */
export function parseKafkajsParts(text: string): readonly KafkajsPart[] {
  const names = text.split(",");
  return WHOLE[text] ?? KAFKAJS_PARTS.filter((part) => names.includes(part));
}
