import { waitFor } from "../machine/wait";

/** A client of Kafka Connect's REST API that does what a person would do with curl. */
export class ConnectRest {
  constructor(
    private readonly url: string,
    private readonly signal?: AbortSignal,
    private readonly token?: string,
  ) {}

  /** Posts a connector, and tries again until Kafka Connect is up and takes it. */
  create(name: string, config: Record<string, unknown>): Promise<void> {
    return this.until("POST", "/connectors", [201], { name, config }, `Connect to take connector ${name}`);
  }

  async config(name: string): Promise<Record<string, string>> {
    const { name: _name, ...config } = (await (await this.ask("GET", `/connectors/${name}/config`)).json()) as Record<
      string,
      string
    >;
    return config;
  }

  /** Stops a connector, then deletes its offsets and the connector. */
  async remove(name: string): Promise<void> {
    await this.until("PUT", `/connectors/${name}/stop`, [202, 204], undefined, `connector ${name} to stop`);
    await this.until("DELETE", `/connectors/${name}/offsets`, [200], undefined, `the offsets of ${name} to go`);
    await this.until("DELETE", `/connectors/${name}`, [204, 404], undefined, `connector ${name} to go`);
  }

  private async ask(method: string, path: string, body?: unknown): Promise<Response> {
    this.signal?.throwIfAborted();
    return fetch(this.url + path, {
      method,
      headers: {
        "Content-Type": "application/json",
        ...(this.token !== undefined && { Authorization: `Bearer ${this.token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(95_000),
    });
  }

  private until(method: string, path: string, good: number[], body: unknown, what: string): Promise<void> {
    return waitFor<void>(
      async () => {
        const seen = await this.ask(method, path, body).then(
          async (response) => (good.includes(response.status) ? "" : `${response.status} ${await response.text()}`),
          (error: Error) => {
            this.signal?.throwIfAborted();
            return `no answer (${error.message})`;
          },
        );
        return seen === "" ? { done: true, value: undefined } : { done: false, seen };
      },
      { what, deadlineMs: 120_000, intervalMs: 50 },
    );
  }
}
