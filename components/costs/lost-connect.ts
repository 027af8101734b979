import { shownUrl } from "../existing/connect/connect-access";
import type { AppliedStack } from "../preflight/applied";
import type { Settings } from "../settings/settings";
import { type Cost, type CostSettings, type DataAtStake, readAgain, unread } from "./costs";

type ConnectSettings = Pick<Settings, "existingConnect">;

/** A Kafka Connect that the settings no longer name, and that does not tell how far its connector has read. */
export interface LostConnect {
  from: string;
  to: string;
}

/** How long each Connect may take to answer, in milliseconds. */
const ASK_MS = 3000;

/**
 * Whether the settings name another Kafka Connect than the connector's, and the former one gives no answer. One that answers costs nothing: its offsets go along.
 * Nor does it where the other one has the connector: they may be one cluster.
 */
export async function lostConnect(
  { connector }: AppliedStack,
  {
    existingConnect,
    snapshotMode,
    connectorName,
  }: ConnectSettings & Pick<CostSettings, "snapshotMode" | "connectorName">,
): Promise<LostConnect | undefined> {
  const before = connector?.applied;
  if (before === undefined || before.connectorName !== connectorName || snapshotMode === "no_data") return undefined;
  // The stack's own workers keep their state in its Kafka, whatever their ports.
  if (existingConnect === undefined && before.worker !== undefined) return undefined;
  const [{ sameAddress }, { getLive }, { targetOf }, { readConnectSecurity }] = await Promise.all([
    import("../connector/rest/access"),
    import("../connector/rest/live-connector"),
    import("../connector/rest/rest"),
    import("../existing/connect/connect-setting"),
  ]);
  if (existingConnect !== undefined && sameAddress(existingConnect.url, before.connectUrl)) return undefined;
  const until = Date.now() + ASK_MS;
  const look = "look at Kafka Connect";
  const isTold = await getLive(targetOf(before, look, until), connectorName).then(
    () => true,
    () => false,
  );
  if (isTold) return undefined;
  const from = shownUrl(before.connectUrl);
  if (existingConnect === undefined) return { from, to: "a worker of the stack's own" };
  const { url, security } = existingConnect;
  const isThere = await Promise.resolve()
    .then(() => readConnectSecurity(security, process.cwd()))
    .then((connectSecurity) =>
      getLive(targetOf({ connectUrl: url, connectSecurity }, look, until + ASK_MS), connectorName),
    )
    .catch(() => undefined);
  return isThere === undefined ? { from, to: shownUrl(url) } : undefined;
}

/** Pure. */
export function lostConnectCost(
  { connector }: AppliedStack,
  settings: CostSettings,
  { from, to }: LostConnect,
  seen: DataAtStake,
): Cost {
  const text =
    `cdc:connectUrl ${from} -> ${to}: the former Kafka Connect gives no answer, so nobody tells how far the connector has read, and it begins anew. ` +
    `Slot ${connector!.slotName} is dropped ${unread(seen.unreadLog)}. ${readAgain(settings)} While the former one answers, its offsets go along, and ` +
    "nothing is read again.";
  return { text, loses: true };
}
