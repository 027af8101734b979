import { ComposeContestant } from "./compose-contestant";
import { ConnectRest } from "./connect-rest";
import { type Endpoints, endpointsAt } from "./contestant";
import { consumerEnvironment, imagesOf } from "./declared-resources";
import { initSql } from "./init-sql";
import type { Model } from "./model";
import { stockCompose, stockConnector, tablesAlone } from "./stock-compose";

/** The compose file as which the project began, and the POST by which its user makes the connector. */
export class Stock extends ComposeContestant {
  private connectUrl = "";
  private tables: string[] = [];

  constructor(
    compose: string[],
    private readonly model: Model,
    signal?: AbortSignal,
  ) {
    super("stock", compose, model.word, signal);
  }

  async prepare(tables: string[]): Promise<Endpoints> {
    await this.remove();
    const { ports, resources } = await this.model.applied();
    const consumer = tablesAlone(consumerEnvironment(resources), tables);
    const { file, uploads } = stockCompose(imagesOf(resources), ports, consumer, initSql(tables, "default"));
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
