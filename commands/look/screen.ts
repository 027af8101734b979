import { type Finding, isHealthy } from "./finding";
import { findingLines } from "./finding-lines";
import type { Paint } from "../terminal/paint";

/** Pure: the whole output of `npm run status`. */
export function screen(prefix: string, findings: readonly Finding[], paint: Paint): string {
  const verdict = isHealthy(findings) ? paint("green", `${prefix} is well.`) : paint("red", `${prefix} is not well.`);
  return [...findingLines(findings, paint), "", verdict, ""].join("\n");
}
