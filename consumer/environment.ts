/** Reads environment variables and checks each one. It collects what is wrong, so that one error names all of it. */
import { readFileSync } from "node:fs";

export type Environment = { [name: string]: string | undefined };

export type EnvironmentReader = ReturnType<typeof environmentReader>;

/** @param problems gets a sentence for each variable that is not set, or set to what is not allowed */
export function environmentReader(env: Environment, problems: string[]) {
  const complain = (name: string, value: string | undefined, allowed: string) =>
    problems.push(value ? `${name} is "${value}"; allowed: ${allowed}` : `${name} is not set; it must be ${allowed}`);
  const text = (name: string, form: RegExp, allowed: string, otherwise = ""): string => {
    const value = env[name]?.trim() || otherwise;
    if (!form.test(value)) complain(name, value, allowed);
    return value;
  };
  return {
    text,
    optional: (name: string, form: RegExp, allowed: string): string | null =>
      env[name]?.trim() ? text(name, form, allowed) : null,
    oneOf: <T extends string>(name: string, words: readonly T[], otherwise: T): T => {
      const value = env[name]?.trim() || otherwise;
      const word = words.find((each) => each === value);
      if (word === undefined) complain(name, value, `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`);
      return word ?? otherwise;
    },
    /** The content of the file that the variable names. */
    file: (name: string): string | undefined => {
      const path = env[name]?.trim();
      if (!path) return undefined;
      try {
        return readFileSync(path, "utf8");
      } catch (error) {
        problems.push(`${name} is "${path}", which cannot be read (${(error as NodeJS.ErrnoException).code})`);
        return undefined;
      }
    },
    list: (name: string, form: RegExp, allowed: string): string[] => {
      const parts = (env[name] ?? "").split(",").map((part) => part.trim());
      const items = [...new Set(parts.filter((part) => part !== ""))];
      if (items.length === 0 || !items.every((item) => form.test(item))) complain(name, env[name]?.trim(), allowed);
      return items;
    },
    whole: (name: string, otherwise: number, least: number, most: number): number => {
      const value = env[name]?.trim();
      if (!value) return otherwise;
      const number = /^\d+$/.test(value) ? Number(value) : NaN;
      if (!(number >= least && number <= most)) complain(name, value, `a whole number from ${least} to ${most}`);
      return number;
    },
  };
}
