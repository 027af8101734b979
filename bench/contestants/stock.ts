import { freeStackPorts } from "../../commands/processes/free-ports";
import { ComposeContestant } from "./compose-contestant";
import { ConnectRest } from "./connect-rest";
import { type Endpoints, endpointsAt } from "./contestant";
import { initSql } from "./init-sql";
import { declaredBy } from "./declared-program";
import { consumerEnvironment, imagesOf } from "./declared-resources";
import { stockCompose, stockConnector } from "./stock-compose";

/** The compose file the project began as, and the POST that its reader does by hand. */
export class Stock extends ComposeContestant {
  private connectUrl = "";
  private tables: string[] = [];

  constructor(compose: string[], signal?: AbortSignal) {
    super("stock", compose, signal);
  }

  async prepare(tables: string[]): Promise<Endpoints> {
    await this.remove();
    const ports = await freeStackPorts();
    const declared = await declaredBy("bench", { ...ports, tables: tables.join(",") });
    const consumer = consumerEnvironment(declared);
    const { file, uploads } = stockCompose(imagesOf(declared), ports, consumer, initSql(tables, "default"));
    this.project.write(file, uploads);
    this.tables = tables;
    const endpoints = endpointsAt(ports);
    this.connectUrl = endpoints.connectUrl;
    return endpoints;
  }

  async up(): Promise<void> {
    const posted = new ConnectRest(this.connectUrl, this.signal).create(
      this.connectorName,
      stockConnector(this.tables),
    );
    await Promise.all([this.project.up(), posted]);
  }
}
