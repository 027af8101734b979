import { SETTINGS, type SettingKey } from "./setting-list";

/** Keys of settings with this property in the list. */
type KeysWith<P extends string> = {
  [K in SettingKey]: (typeof SETTINGS)[K] extends Record<P, unknown> ? K : never;
}[SettingKey];

/** Reads single settings, and collects a sentence for each wrong one. A wrong value is returned all the same. */
export class ValueReader {
  readonly problems: string[] = [];
  /** Where a setting comes from, as part of a sentence. */
  readonly where: string;

  constructor(
    readonly values: Readonly<Record<string, string>>,
    readonly project: string,
    stack: string,
    private readonly secretKeys: readonly string[],
  ) {
    this.where = `set in Pulumi.${stack}.yaml or by \`pulumi config set\``;
  }

  isSecret(key: string): boolean {
    return this.secretKeys.includes(`${this.project}:${key}`);
  }

  /** @param sentence without its subject, which is the key */
  refuse(key: string, sentence: string): void {
    this.problems.push(`${this.project}:${key}${sentence}`);
  }

  wrong(key: string, allowed: string): void {
    this.refuse(key, ` is ${JSON.stringify(this.values[key] ?? "")} (${this.where}); allowed: ${allowed}.`);
  }

  text(key: SettingKey, otherwise = ""): string {
    return this.values[key] ?? otherwise;
  }

  matching(key: SettingKey, pattern: RegExp, allowed: string): string {
    const value = this.text(key);
    if (!pattern.test(value)) this.wrong(key, allowed);
    return value;
  }

  oneOf<K extends KeysWith<"oneOf">>(key: K): (typeof SETTINGS)[K]["oneOf"][number] {
    const allowed: readonly string[] = SETTINGS[key].oneOf;
    const value = this.text(key);
    if (!allowed.includes(value)) this.wrong(key, allowed.map(listed).join(", "));
    return value as (typeof SETTINGS)[K]["oneOf"][number];
  }

  truth(key: SettingKey): boolean {
    const value = this.text(key);
    if (!["true", "false"].includes(value)) this.wrong(key, "true, false");
    return value === "true";
  }

  wholeNumber(key: KeysWith<"least">): number {
    const { least, most } = SETTINGS[key];
    const text = this.text(key);
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      this.wrong(key, `a whole number from ${least} to ${most}`);
    return value;
  }
}

/** A value for a list. One with a comma in it is quoted, so that it does not look like two. */
function listed(value: string): string {
  return value.includes(",") ? JSON.stringify(value) : value;
}
