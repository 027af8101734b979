import { mkdirSync, writeFileSync } from "node:fs";
import { consumerHealth } from "../../components/consumer-health";
import { poll } from "../../components/poll";
import { PROGRAM } from "../../program/consumer-bundle";
import { docker } from "../processes/docker";
import type { LiveConsumer } from "./consumers";
import { markEdited } from "./marker";

const DRAFT = "dist/live/consumer.js";
/** A handler's setup may take a while. After this time, its log says more than a longer wait would. */
const ALIVE_MS = 30_000;
const EVERY_MS = 20;
/** How long one answer of the consumer may take. */
const ANSWER_MS = 1_000;
const LAST_LINES = "8";

/**
 * Replaces a consumer's program and restarts the consumer with it. Before it stops, the consumer finishes the changes at hand, commits and
 * leaves the group. So no change is lost, and none comes twice.
 *
 * @throws with the last lines of its log, when it does not read changes again within 30 s
 */
export async function put(program: string, { container, feedUrl }: LiveConsumer): Promise<void> {
  const id = await docker("inspect", "--format", "{{.Id}}", container);
  const health = () => consumerHealth(feedUrl, ANSWER_MS).catch(() => undefined);
  const before = await health();
  mkdirSync("dist/live", { recursive: true });
  writeFileSync(DRAFT, program);
  markEdited(id);
  await docker("cp", "--quiet", DRAFT, `${id}:${PROGRAM}`);
  await docker("restart", id);
  const wait = { what: `${container} to read changes with this handler`, deadlineMs: ALIVE_MS, intervalMs: EVERY_MS };
  await poll<void>(async () => {
    const now = await health();
    const done = now?.status === "ok" && now.epoch !== before?.epoch;
    return done ? { done, value: undefined } : { done: false, seen: now?.reason ?? "no answer" };
  }, wait).catch(async (error: Error) => {
    const log = await docker("logs", "--tail", LAST_LINES, id).catch(() => "");
    throw new Error(`${error.message} Its last lines:\n${log}`);
  });
}
