import { type Finding } from "./finding";
import { counted } from "./amounts";

/** Topics with a line of their own, where nothing is wrong with them. */
const SHOWN = 20;

/** Pure: for a person with some hundred tables: of the topics in which nothing is wrong the first have a line each, those that are behind before others, and the rest one line. */
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
