import type { Checkout } from "../checkout/checkout";
import { Stack } from "../checkout/stack";
import type { Ports } from "../machine/ports";
import { initSql, tableNames } from "./init-sql";

/** A resource as the Pulumi program declares it, with secrets in plain text. */
export interface Declared {
  type: string;
  name: string;
  /** The program's inputs, without defaults that a provider added. */
  inputs: Record<string, unknown>;
}

/** A stack's resources, and its ports. */
export interface Applied {
  ports: Ports;
  resources: Declared[];
}

/**
 * The model of the contestants under compose. It brings a stack of this project up once, asks the CLI for its state, and removes the stack again. So
 * these contestants have the same images, files, flags and connector as the program.
 */
export class Model {
  /** The word of the checkout whose program it is. */
  readonly word: string;
  private readonly stack: Stack;
  private known: Promise<Applied> | undefined;

  /** @param settings further ones, beside ports and tables */
  constructor(
    checkout: Checkout,
    purpose: string,
    private readonly settings: Record<string, string> = {},
  ) {
    this.word = checkout.word;
    this.stack = new Stack(checkout, purpose);
  }

  get label(): string {
    return this.stack.label;
  }

  /** The first call brings the stack up, which also builds the images. */
  applied(): Promise<Applied> {
    return (this.known ??= this.bringUp());
  }

  /** Removes what a run that was ended has left. */
  remove(): Promise<void> {
    return this.stack.remove();
  }

  private async bringUp(): Promise<Applied> {
    const tables = tableNames(1);
    const ports = await this.stack.create(initSql(tables, "full"), { tables: tables.join(","), ...this.settings });
    await this.stack.up();
    const state = (await this.stack.exported()) as ExportedState;
    await this.stack.remove();
    return { ports, resources: resourcesOf(state) };
  }
}

/** The parts of `pulumi stack export` that are read. */
export interface ExportedState {
  deployment: { resources?: { urn: string; type: string; inputs?: Record<string, unknown> }[] };
}

/** Pure: the resources of a state. */
export function resourcesOf({ deployment }: ExportedState): Declared[] {
  return (deployment.resources ?? []).map(({ urn, type, inputs = {} }) => ({
    type,
    name: urn.slice(urn.lastIndexOf("::") + 2),
    inputs: plain(inputs) as Record<string, unknown>,
  }));
}

/** The key by which the CLI marks a secret. The secret's text is JSON. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
/** The key that lists those keys of an object that a provider filled in. */
const DEFAULTS = "__defaults";

/** The same value with every secret unwrapped, and without keys that a provider filled in. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Record<string, unknown>;
  if (SIGNATURE in fields) return plain(JSON.parse(String(fields["plaintext"])));
  const filledIn = [DEFAULTS, ...((fields[DEFAULTS] ?? []) as string[])];
  const said = Object.entries(fields).filter(([key]) => !filledIn.includes(key));
  return Object.fromEntries(said.map(([key, inner]) => [key, plain(inner)]));
}
