/** Parts of kafkajs that are replaced: README.md says with what. */
export const KAFKAJS_PARTS = ["decoder", "timers", "stops", "commits"] as const;
export type KafkajsPart = (typeof KAFKAJS_PARTS)[number];

const WHOLE: Record<string, readonly KafkajsPart[]> = { changed: KAFKAJS_PARTS, "as-published": [] };

/** Pure: the parts to replace, from `changed` (all), `as-published` (none) or their names; undefined for anything else. */
export function parseKafkajsParts(text: string): readonly KafkajsPart[] | undefined {
  const names = text.split(",").map((name) => name.trim());
  return WHOLE[text] ?? (names.every(isPart) ? names : undefined);
}

function isPart(name: string): name is KafkajsPart {
  return (KAFKAJS_PARTS as readonly string[]).includes(name);
}
