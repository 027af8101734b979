import { setTimeout as sleep } from "node:timers/promises";
import { firstRung, judgeRate, LADDER, type Look, type Flatness } from "./ladder";
import type { Run } from "./measure";
import { writeSteadily } from "./instruments/steady-writer";

const PROBE = { seconds: 10, growth: 0.05 };
const CONFIRM = { seconds: 60, growth: 0.01 };
const LOOK_MS = 500;

/** Climbs the ladder by short probes, then confirms the highest rung that held, or the next below that does. */
export async function measureSustained(run: Run, drainRate: number | undefined): Promise<void> {
  const tried: object[] = [];
  const attempt = async (rung: number, how: typeof PROBE): Promise<boolean> => {
    const rate = LADDER[rung]!;
    const { flat, reason } = await load(run, rate, how);
    tried.push({ rate, seconds: how.seconds, flat, reason });
    run.say(`${rate.toLocaleString("en")} rows/s for ${how.seconds} s: ${flat ? "flat" : "not flat"}, ${reason}`);
    return flat;
  };

  let rung = firstRung(drainRate);
  let held = await attempt(rung, PROBE);
  if (held) while (rung + 1 < LADDER.length && (await attempt(rung + 1, PROBE))) rung++;
  while (!held && rung > 0) held = await attempt(--rung, PROBE);
  while (rung >= 0 && !(await attempt(rung, CONFIRM))) rung--;
  run.record("sustained", rung < 0 ? 0 : LADDER[rung]!, tried);
}

/** Writes at a rate and watches the backlog, then waits until the pipeline has worked it off. */
async function load(run: Run, rate: number, { seconds, growth }: typeof PROBE): Promise<Flatness> {
  const before = await run.feed.newest();
  const looks: Look[] = [];
  const start = performance.now();
  const elapsed = (): number => (performance.now() - start) / 1000;
  let written = 0;
  let writing = true;
  const watch = async (): Promise<void> => {
    while (writing) {
      const { total } = await run.feed.newest();
      looks.push({ seconds: elapsed(), written, handled: total - before.total });
      await sleep(LOOK_MS);
    }
  };
  const write = async (): Promise<number> => {
    try {
      return await writeSteadily(run, { rate, seconds }, (rows) => (written = rows));
    } finally {
      writing = false;
    }
  };
  const [writerSeconds] = await Promise.all([write(), watch()]);
  await run.feed.untilTotal(before.total + written, { deadlineMs: 180_000, intervalMs: 250 });
  return judgeRate(looks, { rate, seconds, writerSeconds, growth });
}
