import { checkoutWord } from "../separate-stack";
import { freeStackPorts } from "../free-ports";
import { removeLabelled } from "../docker";
import { ComposeProject } from "./compose";
import { ConnectRest } from "./connect-rest";
import type { Contestant, Endpoints } from "./contestant";
import { initSql } from "./init-sql";
import { declaredBy } from "./program";
import { consumerEnvironment, imagesOf } from "./declared";
import { stockCompose, stockConnector } from "./stock-compose";

/** The compose file the project began as, and the POST that its reader does by hand. */
export class Stock implements Contestant {
  readonly name = "stock";
  readonly connectorName = "customer-cdc";
  private readonly project: ComposeProject;
  private connectUrl = "";
  private tables: string[] = [];

  constructor(
    compose: string[],
    private readonly signal?: AbortSignal,
  ) {
    this.project = new ComposeProject(compose, `cdc-bench-stock-${checkoutWord()}`, "dist/bench/stock-compose", signal);
  }

  get label(): string {
    return this.project.label;
  }

  async prepare(tables: string[]): Promise<Endpoints> {
    await this.remove();
    const ports = await freeStackPorts();
    const declared = await declaredBy("bench", { ...ports, tables: tables.join(",") });
    const consumer = consumerEnvironment(declared);
    const { file, uploads } = stockCompose(imagesOf(declared), ports, consumer, initSql(tables, "default"));
    this.project.write(file, uploads);
    this.connectUrl = `http://127.0.0.1:${ports.connectPort}`;
    this.tables = tables;
    return {
      databaseUrl: `postgres://cdctest:cdctest@127.0.0.1:${ports.postgresPort}/cdctest`,
      feedUrl: `http://127.0.0.1:${ports.consumerPort}`,
      connectUrl: this.connectUrl,
    };
  }

  async up(): Promise<void> {
    const posted = new ConnectRest(this.connectUrl, this.signal).create(
      this.connectorName,
      stockConnector(this.tables),
    );
    await Promise.all([this.project.up(), posted]);
  }

  async noop(): Promise<void> {
    await this.project.up();
  }

  async down(): Promise<void> {
    await this.project.down();
  }

  remove(): Promise<void> {
    return removeLabelled(this.label);
  }
}
