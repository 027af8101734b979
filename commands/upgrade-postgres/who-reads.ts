/** Who reads from the stack's server, and how they and their databases are asked. */
import type { SourceDatabase } from "../../components/connector/connector-types";
import type { Target } from "../../components/connector/rest/rest";
import { type Ask, withSession } from "../../components/connector/slot/connector-session";
import { EngineLists } from "../../components/preflight/engine-lists";
import { captured, type StackOutputs } from "../stack/stack-outputs";
import type { Cluster } from "./cluster";
import { type Reader, readersOf, readersOn } from "./connectors";

/** Kafka Connect, with the login that it asks for. A whole upgrade is done within ten minutes. */
export function targetOf({ connectUrl, connectToken, existing }: StackOutputs): Target {
  const security = existing?.connect?.security;
  const until = Date.now() + 600_000;
  return { url: connectUrl, token: connectToken, ...(security && { security }), operation: "upgrade", until };
}

/** The address that a URL names, for sessions whose statements may take two minutes. */
export function addressOf(databaseUrl: string): SourceDatabase & { query_timeout: number } {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  const login = { user: username, password: decodeURIComponent(password) };
  return { host: hostname, port: Number(port), database: pathname.slice(1), ...login, query_timeout: 120_000 };
}

/** A worker that somebody has just started answers within this time. */
const LOOK_MS = 20_000;
/** The same where the broker has just been started, too. */
const START_MS = 120_000;

/** The connectors, asked before anything is done. */
function firstLook(target: Target, isStarting: boolean): Promise<Reader[]> {
  return readersOf({ ...target, until: Date.now() + (isStarting ? START_MS : LOOK_MS) }).catch((cause: Error) => {
    throw new Error(
      `${cause.message} The connectors have to read all that was written before the upgrade, so Kafka Connect has to answer: ` +
        "`npm run doctor` says what is wrong. Nothing was changed.",
      { cause },
    );
  });
}

/** Connectors of Postgres, those that read from the stack's server and the others. @param isStarting whether Kafka Connect has just been started */
export async function readersHere(
  { container }: Cluster,
  target: Target,
  databaseUrl: string,
  isStarting = false,
): Promise<{ here: Reader[]; elsewhere: Reader[] }> {
  const [readers, containers, connector] = await Promise.all([
    firstLook(target, isStarting),
    new EngineLists().containers(),
    captured(["config", "get", "connectorName"]),
  ]);
  const connect = container.replace(/postgres$/, "connect");
  const hasConnect = containers.some(({ name }) => name === connect);
  const port = addressOf(databaseUrl).port;
  const here = readersOn(readers, { container, port, hasConnect, connector: connector.trim() });
  return { here, elsewhere: readers.filter((each) => !here.includes(each)) };
}

/** Asks in the database that a connector reads: only there its slot can be decoded, and its capture's notes be read. */
export function inItsDatabase<T>(
  at: SourceDatabase,
  reader: Reader,
  work: (ask: Ask, reader: Reader) => Promise<T>,
): Promise<T> {
  return withSession({ ...at, database: reader.database ?? at.database }, (ask) => work(ask, reader));
}
