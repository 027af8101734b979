import { readFileSync } from "node:fs";

/** The project's name, as Pulumi.yaml has it. */
export function projectName(): string {
  const [, name = ""] = /^name: *(\S+)/m.exec(readFileSync("Pulumi.yaml", "utf8")) ?? [];
  return name;
}
