import type { Checkout } from "../checkout/checkout";
import { Stack } from "../checkout/stack";
import { type Contestant, type Endpoints, endpointsAt } from "./contestant";
import { initSql } from "./init-sql";

/** The settings of `kraft`. All others keep their defaults, since another revision may know fewer settings. */
export const WITHOUT_ZOOKEEPER = { coordination: "kraft" } as const;

/** Runs `pulumi up` of a checkout, on a stack of its own. */
export class Ours implements Contestant {
  readonly connectorName = "customer-cdc";
  private readonly stack: Stack;

  /** @param name `other` for another revision's checkout */
  constructor(
    readonly name: "ours" | "kraft" | "other",
    checkout: Checkout,
  ) {
    this.stack = new Stack(checkout, name === "kraft" ? "bench-kraft" : "bench");
  }

  get label(): string {
    return this.stack.label;
  }

  async prepare(tables: string[]): Promise<Endpoints> {
    const further = this.name === "kraft" ? WITHOUT_ZOOKEEPER : {};
    return endpointsAt(await this.stack.create(initSql(tables, "full"), { tables: tables.join(","), ...further }));
  }

  async up(): Promise<void> {
    await this.stack.up();
  }

  async noop(): Promise<void> {
    await this.stack.up("--expect-no-changes");
  }

  async capture(tables: string[]): Promise<void> {
    await this.stack.set({ tables: tables.join(",") });
  }

  async start(): Promise<void> {
    await this.stack.start();
  }

  async down(): Promise<void> {
    await this.stack.destroy();
  }

  async connectToken(): Promise<string | undefined> {
    const { connectToken } = await this.stack.outputs();
    return typeof connectToken === "string" ? connectToken : undefined;
  }

  remove(): Promise<void> {
    return this.stack.remove();
  }
}
