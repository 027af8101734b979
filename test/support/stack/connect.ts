import axios from "axios";
import { poll } from "../../../components/poll";
import type { ConnectorStatus } from "../../../components/connector/connector-types";

/** A client of Kafka Connect's REST API that does what a person would do with curl. */
export class ConnectByHand {
  private readonly usual: { proxy: false; headers: Record<string, string> };

  /** @param token that the API requires with a config and with a change of offsets */
  constructor(
    private readonly url: string,
    token?: string,
  ) {
    this.usual = { proxy: false, headers: token === undefined ? {} : { Authorization: `Bearer ${token}` } };
  }

  /** The answer's body; `undefined` for a 404. */
  async get<T>(path: string): Promise<T | undefined> {
    const validateStatus = (status: number): boolean => status === 200 || status === 404;
    const { status, data } = await axios.get<T>(this.url + path, { ...this.usual, validateStatus });
    return status === 404 ? undefined : data;
  }

  async put(path: string, body: object = {}): Promise<void> {
    await axios.put(this.url + path, body, this.usual);
  }

  async patch(path: string, body: object): Promise<void> {
    await axios.patch(this.url + path, body, this.usual);
  }

  async post(path: string): Promise<void> {
    await axios.post(this.url + path, {}, this.usual);
  }

  async delete(path: string): Promise<void> {
    await axios.delete(this.url + path, this.usual);
  }

  config(name: string): Promise<Record<string, string> | undefined> {
    return this.get(`/connectors/${name}/config`);
  }

  /** Waits until the connector and its task have these states: "PAUSED PAUSED", "STOPPED". */
  async until(name: string, states: string): Promise<void> {
    await poll<void>(
      async () => {
        const status = await this.get<ConnectorStatus>(`/connectors/${name}/status`);
        const seen = status ? [status.connector, ...status.tasks].map(({ state }) => state).join(" ") : "none";
        return seen === states ? { done: true, value: undefined } : { done: false, seen };
      },
      { what: `connector ${name} to be ${states}`, deadlineMs: 60_000, intervalMs: 100 },
    );
  }
}
