/** What the process knows of its own work: recent changes, totals, metrics, its place in the group. */
import { AtHand } from "../delivery/crash/at-hand";
import { Failing } from "../delivery/failing";
import { Feed } from "../feed/feed";
import { type Metrics, createMetrics } from "../feed/metrics/metrics";
import { Recent } from "../feed/recent";
import { Totals } from "../feed/totals";
import { Membership } from "../kafka/group/membership";
import { type Shared, monotonicMs } from "./shared";

export interface Observed {
  recent: Recent;
  totals: Totals;
  feed: Feed;
  metrics: Metrics;
  atHand: AtHand;
  failing: Failing;
  membership: Membership;
}

const TOTALS_EVERY_MS = 1000;
const KEEP_ALIVE_EVERY_MS = 15_000;

export function createObserved({ config, epoch, log }: Shared): Observed {
  const recent = new Recent(config.recentChanges, config.recentBytes);
  const totals = new Totals(epoch);
  const feed = new Feed({
    recent,
    totals,
    epoch,
    now: monotonicMs,
    later: (ms, callback) => void setTimeout(callback, ms),
  });
  const metrics = createMetrics({ processMetrics: true, clients: () => feed.size });
  const atHand = new AtHand(monotonicMs);
  const failing = new Failing({ log, attempts: config.handlerAttempts, now: monotonicMs });
  const membership = new Membership(monotonicMs, metrics.group, () => atHand.stuck(config.handlerStuckMs));
  return { recent, totals, feed, metrics, atHand, failing, membership };
}

/** Sends totals to the clients of `/events` when they have news, and a keep-alive every 15 s. */
export function beginToTell({ totals, feed }: Observed): void {
  setInterval(() => totals.tick(TOTALS_EVERY_MS) && feed.sendTotalsToAll(), TOTALS_EVERY_MS);
  setInterval(() => feed.keepAlive(), KEEP_ALIVE_EVERY_MS);
}
