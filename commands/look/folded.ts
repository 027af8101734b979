import { type Finding } from "./finding";
import { counted } from "./amounts";

/** How many topics without trouble have a line of their own. */
const SHOWN = 20;

/**
 * Pure: shortens the findings for a stack with hundreds of topics. Of the topics without trouble, the first have a line each, beginning with those
 * that are behind. The rest share one line.
 */
export function folded(findings: readonly Finding[]): Finding[] {
  const calm = findings.filter(({ part, mark }) => part === "topics" && (mark === "good" || mark === "note"));
  if (calm.length <= SHOWN + 1) return [...findings];
  const behind = calm.filter(({ mark }) => mark === "note");
  const rest = [...behind, ...calm.filter(({ mark }) => mark === "good")].slice(SHOWN);
  const last = findings.indexOf(calm.at(-1)!);
  return findings.flatMap((finding, at) => {
    const own = rest.includes(finding) ? [] : [finding];
    return at === last ? [...own, ofRest(rest)] : own;
  });
}

function ofRest(rest: readonly Finding[]): Finding {
  const behind = rest.filter(({ mark }) => mark === "note").length;
  return {
    part: "topics",
    about: `${counted(rest.length, "topic")} more`,
    mark: behind > 0 ? "note" : "good",
    text: `${behind > 0 ? `${behind} of them behind` : "all records handled"}; with --json each of them`,
  };
}
