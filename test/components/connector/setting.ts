import { afterEach, beforeEach, jest } from "@jest/globals";
import { connectorProvider } from "../../../components/connector/connector-provider";
import type { ConnectorInputs, ConnectorOutputs } from "../../../components/connector/connector-types";
import { FakeConnect, POSTGRES } from "../../support/fakes/fake-connect";

export const NAME = "customer-cdc";
export const provider = connectorProvider as Required<typeof connectorProvider>;

export let connect: FakeConnect;
/** The provider's messages beside its results. Pulumi shows them under Diagnostics. */
export let said: string[];

/** Makes a fake Kafka Connect for each test of the file. */
export function useFakeConnect(): void {
  beforeEach(async () => {
    connect = await FakeConnect.start();
    said = [];
    jest.spyOn(console, "error").mockImplementation((line: string) => void said.push(line));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await connect.vanish();
  });
}

/** Inputs of a connector that does not wait for a stream, only for its tasks. */
export function inputs(change: Partial<ConnectorInputs> = {}): ConnectorInputs {
  return inputsFor(connect.url, change);
}

export function inputsFor(connectUrl: string, change: Partial<ConnectorInputs> = {}): ConnectorInputs {
  return {
    connectUrl,
    connectorName: NAME,
    config: { "connector.class": POSTGRES, "snapshot.mode": "initial_only", "max.batch.size": 8192 },
    state: "RUNNING",
    keepOffsets: false,
    keepSlot: true,
    readyTimeoutSeconds: 5,
    deleteTimeoutSeconds: 5,
    ...change,
  };
}

/** A config for a slot `s` and a publication `p` of a test's own Postgres. */
export function sourceConfig(mode: string, change: Record<string, string> = {}): Record<string, string> {
  return {
    ...{ "connector.class": POSTGRES, "snapshot.mode": mode, "topic.prefix": "p", "plugin.name": "pgoutput" },
    ...{ "slot.name": "s", "publication.name": "p", "table.include.list": "public\\.t" },
    ...change,
  };
}

export function live() {
  return connect.connectors.get(NAME);
}

/** Makes a connector, and clears the list of requests. */
export async function created(change: Partial<ConnectorInputs> = {}): Promise<ConnectorOutputs> {
  const { outs } = await provider.create(inputs(change));
  connect.requests.length = 0;
  return outs!;
}
