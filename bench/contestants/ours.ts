import { SeparateStack } from "../../commands/stack/separate-stack";
import { type Contestant, type Endpoints, endpointsAt } from "./contestant";
import { writeInitFolder } from "../../commands/stack/init-folder";
import { initSql } from "./init-sql";

/** `cdc:coordination` of each. */
export const COORDINATION = { ours: "zookeeper", kraft: "kraft" } as const;

/** `pulumi up` of this project, in a stack of its own. */
export class Ours implements Contestant {
  readonly connectorName = "customer-cdc";
  private readonly stack: SeparateStack;

  /** @param name `kraft`: without ZooKeeper */
  constructor(
    readonly name: "ours" | "kraft",
    signal?: AbortSignal,
  ) {
    this.stack = new SeparateStack(name === "kraft" ? "bench-kraft" : "bench", signal);
  }

  get label(): string {
    return this.stack.label;
  }

  async prepare(tables: string[]): Promise<Endpoints> {
    const initFolder = writeInitFolder("dist/bench/ours/init", initSql(tables, "full"));
    return endpointsAt(
      await this.stack.create({ coordination: COORDINATION[this.name], tables: tables.join(","), initFolder }),
    );
  }

  async up(): Promise<void> {
    await this.stack.up();
  }

  async noop(): Promise<void> {
    await this.stack.up("--expect-no-changes");
  }

  async down(): Promise<void> {
    await this.stack.destroy();
  }

  async connectToken(): Promise<string> {
    return (await this.stack.outputs()).connectToken;
  }

  remove(): Promise<void> {
    return this.stack.remove();
  }
}
