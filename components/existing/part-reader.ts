import { configObject } from "../settings/config-object";

/** What is wrong with a setting. The key is the subject of the sentence. */
export type Problem = [key: string, sentence: string];

const SERVER = String.raw`[^\s,:/]+:\d{1,5}`;
const SERVERS = new RegExp(`^${SERVER}(,${SERVER})*$`);
const ONE_SERVER = new RegExp(`^${SERVER}$`);

/** Reads settings about existing parts, and collects what is wrong. A setting that is left out is empty, or has a default. */
export class PartReader {
  readonly problems: Problem[] = [];

  constructor(private readonly values: Readonly<Record<string, string>>) {}

  wrong(key: string, sentence: string): void {
    this.problems.push([key, sentence]);
  }

  text(key: string): string {
    return (this.values[key] ?? "").replaceAll(" ", "");
  }

  /** Several, separated by commas. */
  addresses(key: string): string {
    return this.matching(key, SERVERS, "host:port, several separated by commas");
  }

  address(key: string): string {
    return this.matching(key, ONE_SERVER, "host:port");
  }

  whole(key: string, least: number, most: number, otherwise: number): number {
    const value = this.text(key) === "" ? otherwise : Number(this.text(key));
    if (!/^\d*$/.test(this.text(key)) || value < least || value > most)
      this.refuse(key, `a whole number from ${least} to ${most}`);
    return value;
  }

  truth(key: string): boolean {
    this.matching(key, /^(true|false)$/, "true, false");
    return this.text(key) === "true";
  }

  /** Whether the setting is an object with something in it. */
  hasKeys(key: string): boolean {
    return Object.keys(configObject(this.values[key] ?? "{}") ?? {}).length > 0;
  }

  private matching(key: string, pattern: RegExp, allowed: string): string {
    const value = this.text(key);
    if (value !== "" && !pattern.test(value)) this.refuse(key, allowed);
    return value;
  }

  private refuse(key: string, allowed: string): void {
    this.wrong(key, ` is "${this.text(key)}"; allowed: ${allowed}.`);
  }
}

/** Whether the address means the machine itself, which inside a container is the container. */
export function isLoopback(server: string): boolean {
  return /^(localhost|127(\.\d+){3}):/.test(server);
}
