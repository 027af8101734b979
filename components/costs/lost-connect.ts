import { shownUrl } from "../existing/connect/connect-access";
import type { AppliedStack } from "../preflight/applied";
import type { Settings } from "../settings/settings";
import { type Cost, type CostSettings, type DataAtStake, readAgain, unread } from "./costs";

type ConnectSettings = Pick<Settings, "existingConnect">;

/** A Kafka Connect that the settings no longer name, and that does not tell how far its connector has read. */
export interface LostConnect {
  from: string;
  to: string;
  /** Whether it answers, and has the connector no longer. */
  isGone: boolean;
}

/** How long each Connect may take to answer, in milliseconds. */
const ASK_MS = 3000;

/**
 * Whether the settings name another Kafka Connect than the connector's, and the former one gives no answer or has no such connector. One that has it costs
 * nothing: its offsets go along. Nor does it cost anything where the other one has the connector: they may be one cluster, or an `up` was killed that had moved it.
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
  const [{ sameAddress }, { getLive }, { formerOf }, { targetOf }, { readConnectSecurity }] = await Promise.all([
    import("../connector/rest/access"),
    import("../connector/rest/live-connector"),
    import("../connector/verbs/former"),
    import("../connector/rest/rest"),
    import("../existing/connect/connect-setting"),
  ]);
  if (existingConnect !== undefined && sameAddress(existingConnect.url, before.connectUrl)) return undefined;
  const [operation, until] = ["look at Kafka Connect", Date.now() + ASK_MS];
  const found = await formerOf({ operation, until }, before).then(
    (former) => (former === undefined ? "gone" : "told"),
    () => "silent",
  );
  if (found === "told") return undefined;
  const [from, isGone] = [shownUrl(before.connectUrl), found === "gone"];
  if (existingConnect === undefined) return { from, to: "a worker of the stack's own", isGone };
  const { url, security } = existingConnect;
  const isThere = await Promise.resolve()
    .then(() => readConnectSecurity(security, process.cwd()))
    .then((connectSecurity) =>
      getLive(targetOf({ connectUrl: url, connectSecurity }, operation, until + ASK_MS), connectorName),
    )
    .catch(() => undefined);
  return isThere === undefined ? { from, to: shownUrl(url), isGone } : undefined;
}

/** Pure. */
export function lostConnectCost(
  { connector }: AppliedStack,
  settings: CostSettings,
  { from, to, isGone }: LostConnect,
  seen: DataAtStake,
): Cost {
  const why = isGone ? "does not have the connector any more" : "gives no answer";
  const back = isGone ? "" : " While the former one answers, its offsets go along, and nothing is read again.";
  const text =
    `cdc:connectUrl ${from} -> ${to}: the former Kafka Connect ${why}, so nobody tells how far the connector has read, and it begins anew. ` +
    `Slot ${connector!.slotName} is dropped ${unread(seen.unreadLog)}. ${readAgain(settings)}${back}`;
  return { text, loses: true };
}
