/** The connectors of a fake Kafka Connect, and its answers about them. */

interface FakeConnector {
  config: Record<string, string>;
  state: string;
  /** How many more status requests are answered before the tasks run. */
  lag: number;
  failure?: string;
  offsets: unknown[];
}

export interface Reply {
  status: number;
  body?: unknown;
  /** Where an answer 3xx sends its client. */
  location?: string;
}

export class FakeConnectors {
  readonly connectors = new Map<string, FakeConnector>();
  /** Keys that the server adds to every config, as some servers do. */
  serverKeys: Record<string, string> = {};
  /** Keys whose values `GET config` replaces by stars. */
  masked: string[] = [];
  /** The trace with which tasks fail that start from now on; undefined: they run. */
  failWith: string | undefined;
  /** How many status requests are answered without tasks after each start. */
  lag = 1;
  /** The worker that runs all connectors and tasks. */
  worker = "172.18.0.5:8083";
  /** Offsets of a connector from its creation on. */
  offsets: unknown[] = [];

  /** Adds a connector that somebody has made by hand. */
  add(name: string, config: Record<string, string>, state = "RUNNING"): FakeConnector {
    const connector = {
      config: { ...config, name },
      state,
      lag: 0,
      failure: this.failWith,
      offsets: [...this.offsets],
    };
    this.connectors.set(name, connector);
    return connector;
  }

  protected create({
    name,
    config,
    initial_state,
  }: {
    name: string;
    config: Record<string, string>;
    initial_state?: string;
  }): Reply {
    if (this.connectors.has(name)) return trouble(409, `Connector ${name} already exists`);
    this.begin(this.add(name, config, initial_state ?? "RUNNING"));
    return { status: 201, body: { name, config } };
  }

  protected about(method: string, name: string, rest: string, query: URLSearchParams, body: unknown): Reply {
    const connector = this.connectors.get(name);
    if (method === "PUT" && rest === "config" && !connector) {
      this.begin(this.add(name, body as Record<string, string>));
      return { status: 201, body: {} };
    }
    if (!connector) return trouble(404, `Connector ${name} not found`);
    switch (`${method} ${rest}`) {
      case "GET config":
        return { status: 200, body: this.shown(connector) };
      case "PUT config":
        connector.config = { ...(body as Record<string, string>), name };
        this.begin(connector);
        return { status: 200, body: {} };
      case "GET status":
        return { status: 200, body: this.status(name, connector) };
      case "GET topics":
        return { status: 200, body: { [name]: { topics: [] } } };
      case "GET offsets":
        return { status: 200, body: { offsets: connector.offsets } };
      case "DELETE offsets":
        if (connector.state !== "STOPPED") return trouble(400, "Connectors must be in the STOPPED state");
        connector.offsets = [];
        return { status: 200, body: { message: "The offsets for this connector have been reset successfully" } };
      case "PATCH offsets":
        if (connector.state !== "STOPPED") return trouble(400, "Connectors must be in the STOPPED state");
        connector.offsets = (body as { offsets: unknown[] }).offsets;
        return { status: 200, body: { message: "The offsets for this connector have been altered successfully" } };
      case "PUT pause":
        connector.state = "PAUSED";
        return { status: 202 };
      case "PUT stop":
        connector.state = "STOPPED";
        return { status: 204 };
      case "PUT resume":
        connector.state = "RUNNING";
        this.begin(connector);
        return { status: 202 };
      case "POST restart":
        if (query.get("onlyFailed") !== "true" || connector.failure) this.begin(connector);
        return { status: 202, body: {} };
      case "DELETE ":
        this.connectors.delete(name);
        return { status: 204 };
      default:
        return trouble(405, `HTTP 405 Method Not Allowed: ${method} ${rest}`);
    }
  }

  private begin(connector: FakeConnector): void {
    connector.failure = this.failWith;
    connector.lag = this.lag;
  }

  private shown({ config }: FakeConnector): Record<string, string> {
    const stars = Object.fromEntries(
      this.masked.filter((key) => key in config).map((key) => [key, "****************"]),
    );
    return { ...config, ...this.serverKeys, ...stars };
  }

  private status(name: string, connector: FakeConnector): unknown {
    const worker = { worker_id: this.worker };
    const waiting = connector.lag > 0 && connector.lag-- > 0;
    const task = connector.failure
      ? { id: 0, state: "FAILED", trace: connector.failure, ...worker }
      : { id: 0, state: connector.state, ...worker };
    const tasks = connector.state === "STOPPED" || waiting ? [] : [task];
    return { name, type: "source", connector: { state: connector.state, ...worker }, tasks };
  }
}

export function trouble(status: number, message: string): Reply {
  return { status, body: { error_code: status, message } };
}
