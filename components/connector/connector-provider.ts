import type * as pulumi from "@pulumi/pulumi";
import { served } from "../../program/dynamic/dynamic-wire";
import { check } from "./verbs/check";
import { create, update } from "./verbs/apply";
import { remove } from "./verbs/delete";
import { hasUnknown } from "../../program/dynamic/unknown";
import { diffConnector } from "./connector-diff";
import { read } from "./verbs/read";
import { namedTables } from "./slot/source";
import type { ConnectorInputs, ConnectorOutputs } from "./connector-types";

/** The verbs of the resource. Each is idempotent; create and update are the same upsert, then a wait. */
export const connectorProvider: pulumi.dynamic.ResourceProvider<ConnectorInputs, ConnectorOutputs> = {
  check,
  diff: async (_id, olds, news) => {
    tellPending(olds, news);
    return diffConnector(olds, news);
  },
  create,
  read,
  update,
  delete: remove,
};

/** Says in the preview which tables' rows a failed apply has left unread: the next apply reads them. */
function tellPending(olds: ConnectorOutputs, news: ConnectorInputs): void {
  const isDeclared = (table: string): boolean => hasUnknown(news.config) || namedTables(news.config).includes(table);
  const pending = (olds.pendingSnapshots ?? []).filter(isDeclared);
  if (pending.length === 0 || news.state !== "RUNNING") return;
  console.error(
    `Connector ${news.connectorName}: existing rows of ${pending.join(", ")} are not read; an up reads them.`,
  );
}

/** What Pulumi's provider process calls. */
export const handler = (): pulumi.dynamic.ResourceProvider => served(connectorProvider);
