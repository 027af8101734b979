import { removeLabelled } from "../machine/docker";
import { ComposeProject } from "./compose";
import type { Contestant, Endpoints } from "./contestant";

/** A contestant that compose starts. Subclasses have the compose file, and what a person does by hand beside it. */
export abstract class ComposeContestant implements Contestant {
  readonly connectorName = "customer-cdc";
  protected readonly project: ComposeProject;

  constructor(
    readonly name: "stock" | "tuned",
    compose: string[],
    word: string,
    protected readonly signal?: AbortSignal,
  ) {
    this.project = new ComposeProject(compose, `cdc-bench-${name}-${word}`, `dist/bench/${name}`, signal);
  }

  get label(): string {
    return this.project.label;
  }

  abstract prepare(tables: string[]): Promise<Endpoints>;
  abstract up(): Promise<void>;

  async noop(): Promise<void> {
    await this.project.up();
  }

  async down(): Promise<void> {
    await this.project.down();
  }

  connectToken(): Promise<string | undefined> {
    return Promise.resolve(undefined);
  }

  remove(): Promise<void> {
    return removeLabelled(this.label);
  }
}
