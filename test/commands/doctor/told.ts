import type { Finding } from "../../../commands/look/finding";

/** A line for each finding. */
export const told = (findings: Finding[]): string[] =>
  findings.map(({ mark, about, text, remedy }) => `${mark} ${about}: ${text}${remedy ? ` → ${remedy}` : ""}`);
