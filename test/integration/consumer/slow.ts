import { expect, test } from "@jest/globals";
import { docker } from "../../support/stack";
import type { Rig } from "./rig";

const WAITING = "public.waiting";
const PASSING = "public.passing";
/** How long the handler is stuck. The group removes a member without heartbeats after 6 s. `STUCK_SECONDS=60 npm test -- …` makes it longer. */
const SECONDS = Number(process.env["STUCK_SECONDS"] ?? 30);
const CHANGES = 500;
const PER_SECOND = 100;
/** The longest lag: a table that waits for another one would have that one's 30 s. */
const MOST_LAG_MS = 250;

export function slow(rig: Rig): void {
  test("a handler of 30 s holds up no other table, and gets its change once: over members that come and go, and a broker that restarts", async () => {
    const { database } = rig;
    const all = await rig.healthy();
    const rebalances = await rig.metric("cdc_consumer_group_rebalances_total");
    const began = Date.now();
    await database.query(`insert into waiting values (1, null), (2, 'for ${SECONDS} s'), (3, null)`);
    await rig.handled(WAITING, 1);

    for (let id = 1; id <= CHANGES; id++) {
      await database.query("insert into passing values ($1)", [id]);
      await database.query("select pg_sleep($1)", [1 / PER_SECOND]);
    }
    const passed = await rig.until(PASSING, (changes) => changes.length === CHANGES);
    const lags = passed.map(({ lagMs }) => lagMs!).sort((a, b) => a - b);
    const p99 = lags[Math.floor(CHANGES * 0.99)]!;
    process.stdout.write(`a handler stuck for ${SECONDS} s: another table's p99 at ${PER_SECOND}/s is ${p99} ms\n`);
    expect(p99).toBeLessThan(MOST_LAG_MS);
    expect(await rig.metric("cdc_consumer_group_rebalances_total")).toBe(rebalances);
    await rig.committedUpTo(PASSING, CHANGES);

    const other = await rig.otherMember();
    expect(other.partitions.length).toBeGreaterThan(1);
    expect(other.partitions).not.toContain(`${rig.topicOf(WAITING)}/0`);
    const left = all.length - other.partitions.length;
    expect(await rig.partitions(left)).toContain(`${rig.topicOf(WAITING)}/0`);
    await other.leave();
    // A broker that restarts knows only the members of the last complete generation.
    await rig.partitions(all.length);
    await docker("restart", rig.broker);
    expect(Date.now() - began).toBeLessThan(SECONDS * 1000);

    await rig.handled(WAITING, 3);
    await rig.committedUpTo(WAITING, 3);
    const lives = await rig.printedUpTo(WAITING, 2);
    expect(lives.map((changes) => changes.map(({ key }) => key?.["id"]))).toEqual([[1, 2, 3]]);
    expect(await rig.metric("cdc_duplicates_total")).toBe(0);
    await database.query(`insert into passing values (${CHANGES + 1})`);
    await rig.handled(PASSING, CHANGES + 1);
    expect(await rig.metric("cdc_changes_total", { table: PASSING })).toBe(CHANGES + 1);
    await rig.healthy();
  }, 120_000);
}
