#!/usr/bin/env bash
# Package:  kafkajs 2.2.4 (npm), its runner with a consumer group that answers at once; no broker is needed.
# Input:    two partitions in one fetch, partitionsConsumedConcurrently 4; the first one's eachBatch takes 7 s, longer than a
#           session of 6 s, and does not call heartbeat().
# Guess:    the second partition is fetched again and again meanwhile, and heartbeats go on: partitions are concurrent.
# Found:    the next fetch waits for all batches of the last one, and heartbeats are sent between fetches and after batches:
#           in those 7 s there is no fetch of any partition, and no heartbeat but the one after the second's only batch. The group
#           takes the member for gone, and its changes come again.
# Needs Node.js 20 or newer. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-fund --no-audit --no-save --prefix "$work" kafkajs@2.2.4 > npm.log 2>&1 || { cat npm.log; exit 1; }
cat > slow.js <<'JS'
const Runner = require("kafkajs/src/consumer/runner");
const Batch = require("kafkajs/src/consumer/batch");
const SLOW_MS = 7000;
const nothing = () => undefined;
const logger = { namespace: () => logger, debug: nothing, error: nothing, info: nothing, warn: nothing };
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const batch = (topic) =>
  new Batch(topic, "0", { partition: 0, highWatermark: "1", abortedTransactions: [], messages: [{ offset: "0" }] });
const counts = { fetches: 0, heartbeats: 0, batches: 0 };
let whileSlow;
const group = {
  groupId: "g", memberId: "m",
  connect: async () => {}, joinAndSync: async () => {}, leave: async () => {},
  getNodeIds: () => [1], resolveOffset: nothing, hasSeekOffset: () => false,
  heartbeat: async () => void counts.heartbeats++,
  fetch: async () => (await sleep(10), counts.fetches++, [batch("slow"), batch("quick")]),
};
const runner = new Runner({
  logger, consumerGroup: group, instrumentationEmitter: { emit: nothing }, concurrency: 4, autoCommit: false,
  eachBatchAutoResolve: false, heartbeatInterval: 1500, onCrash: (error) => { throw error; }, retry: { retries: 0 },
  async eachBatch({ batch: { topic } }) {
    counts.batches++;
    if (topic !== "slow" || whileSlow) return;
    const before = { ...counts };
    await sleep(SLOW_MS);
    whileSlow = Object.fromEntries(Object.keys(counts).map((name) => [name, counts[name] - before[name]]));
    console.log(`while one batch took ${SLOW_MS / 1000} s:`, whileSlow);
    process.exit(whileSlow.fetches === 0 && whileSlow.heartbeats === 1 && whileSlow.batches === 1 ? 0 : 1);
  },
});
runner.start();
JS
node slow.js
