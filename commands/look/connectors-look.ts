import { connectorPath } from "../../components/connector/rest/connect-api";
import { codeOf, once } from "../../components/connector/rest/rest";
import { isConfig, isStatus } from "../../components/connector/rest/shapes";
import type { ConnectAccess } from "../../components/existing/connect/connect-access";
import { isPostgres, snapshotInOffsets, storedPosition } from "../../components/connector/slot/source";
import type { ConnectorStatus } from "../../components/connector/connector-types";

/** A connector as Kafka Connect has it, declared or posted by hand. */
export interface ConnectorLook {
  name: string;
  config: Record<string, string>;
  status: ConnectorStatus;
  /** What its offsets say of the snapshot; `unknown` for those of other databases. */
  snapshot: ReturnType<typeof snapshotInOffsets>;
  /** How far it has come in Postgres' log, in bytes from its beginning; null: not known. */
  readBytes: number | null;
}

/** All connectors. @throws when nothing answers there, or when the answer is not a list of connectors */
export async function lookAtConnectors(connect: ConnectAccess, deadlineMs: number): Promise<ConnectorLook[]> {
  const target = { ...connect, operation: "look at the connectors", until: Date.now() + deadlineMs };
  const { status, body } = await once(target, "GET", "/connectors?expand=status&expand=info").catch(
    (error: unknown) => {
      throw new Error(codeOf(error), { cause: error });
    },
  );
  if (status !== 200) throw new Error(`it answers ${status}`);
  if (!isExpanded(body)) throw new Error("it answers with what Kafka Connect does not say");
  const found = body;
  return Promise.all(
    Object.entries(found)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(async ([name, { info, status }]) => {
        const offsets = isPostgres(info.config)
          ? (await once(target, "GET", connectorPath(name, "/offsets"))).body
          : undefined;
        const position = { snapshot: snapshotInOffsets(offsets), readBytes: storedPosition(offsets) };
        return { name, config: info.config, status, ...position };
      }),
  );
}

type Expanded = Record<string, { info: { config: Record<string, string> }; status: ConnectorStatus }>;

function isExpanded(body: unknown): body is Expanded {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return false;
  return Object.values(body as Record<string, { info?: { config?: unknown }; status?: unknown } | null>).every(
    (each) => isConfig(each?.info?.config) && isStatus(each?.status),
  );
}
