/** A connector that Kafka Connect has under the stack's `connectorName`, and that the stack's state does not know. */
import { replicationName } from "../../capture/object-names";
import { POSTGRES_CONNECTOR } from "../../connector/config/postgres-source";
import { connectorPath } from "../../connector/rest/connect-api";
import { once, type Target } from "../../connector/rest/rest";
import { isConfig } from "../../connector/rest/shapes";
import { differingKey } from "../../connector/verbs/former";
import { isInstalled } from "../../../program/package-root";
import { placeOf } from "../../database/address";
import type { AppliedConnector } from "../../preflight/applied";
import { takeOverWay } from "../../preflight/take-over-way";
import type { Settings } from "../../settings/settings";
import { type ConnectAccess, shownUrl } from "./connect-access";

type Named = Pick<Settings, "prefix" | "connectorName" | "topicPrefix" | "captureName" | "database"> &
  Partial<Pick<Settings, "existingDatabase" | "databaseAddress">>;

/** How long Kafka Connect may take to tell, in milliseconds. */
const ASK_MS = 4000;

/**
 * Why the stack's connector cannot have its name: it is somebody else's, who would find it stopped and with another config, and without its offsets.
 *
 * @param known the connector in the state. A move to another Connect is looked at by the connector's own resource
 * @returns undefined: the name is free, or the connector there is this stack's, as after an `up` that was killed
 */
export async function whyTaken(
  connect: ConnectAccess,
  settings: Named,
  known: Pick<AppliedConnector, "connectorName"> | undefined,
  installed = isInstalled(),
): Promise<string | undefined> {
  const { connectorName: name } = settings;
  if (known?.connectorName === name) return undefined;
  const target: Target = { ...connect, operation: "look at Kafka Connect", until: Date.now() + ASK_MS };
  const { status, body } = await once(target, "GET", connectorPath(name, "/config"));
  const own =
    known === undefined
      ? ` If it is this stack's own, whose state was lost: ${takeOverWay(settings.prefix, installed)}.`
      : "";
  return status === 200 && isConfig(body) ? takenBy(connect.url, settings, own, body) : undefined;
}

/** @param own the way out of a state that has no connector at all, as after its loss; empty: it has one */
function takenBy(url: string, settings: Named, own: string, live: Record<string, string>): string | undefined {
  const { prefix, connectorName: name, topicPrefix, captureName, database, databaseAddress } = settings;
  const { existingDatabase: existing } = settings;
  const config = {
    "connector.class": POSTGRES_CONNECTOR,
    "topic.prefix": topicPrefix,
    "slot.name": replicationName(prefix, name),
    "publication.name": captureName,
    "database.dbname": database,
    ...(existing && {
      "database.hostname": placeOf(databaseAddress, { ...existing, host: existing.containerHost }).host,
    }),
  };
  const key = differingKey(live, config);
  if (key === undefined) return undefined;
  const ours = String(config[key as keyof typeof config]);
  const shown = shownUrl(url);
  return (
    `Kafka Connect at ${shown} (cdc:connectUrl) has another connector ${name} already (its ${key} is ${live[key] ?? "not set"}, not ${ours}), of which ` +
    "this stack's state knows nothing: its config and offsets would be overwritten. Take another cdc:connectorName, or delete that one if nobody " +
    `needs it: curl -X DELETE ${shown}/connectors/${encodeURIComponent(name)}.${own}`
  );
}
