/** The stack's consumers. Of several each has its own container, and all of them run one program. */
import { mkdirSync, readFileSync } from "node:fs";
import { memberIndex, memberPort } from "../../components/cluster/members";
import { STACK_LABEL } from "../../components/container/labels";
import { PROGRAM } from "../../program/consumer-bundle";
import { docker } from "../processes/docker";

export interface LiveConsumer {
  container: string;
  /** Its page. */
  feedUrl: string;
}

/** All of a stack's, in order of their numbers. @param feedUrl the first one's page */
export async function liveConsumers(prefix: string, feedUrl: string, engine = docker): Promise<LiveConsumer[]> {
  const names = await engine("ps", "--all", "--filter", `label=${STACK_LABEL}=${prefix}`, "--format", "{{.Names}}");
  return names
    .split("\n")
    .flatMap((container) => {
      const index = memberIndex("consumer", container.slice(prefix.length + 1));
      return index === undefined ? [] : [{ container, index }];
    })
    .sort((a, b) => a.index - b.index)
    .map(({ container, index }) => ({ container, feedUrl: pageOf(feedUrl, index) }));
}

function pageOf(feedUrl: string, index: number): string {
  const url = new URL(feedUrl);
  url.port = String(memberPort(Number(url.port || 80), index));
  return url.origin;
}

const COPY = "dist/live/running.js";

/** The program that all of them have; undefined where it cannot be read, or they differ. */
export async function programOf(consumers: readonly LiveConsumer[], engine = docker): Promise<string | undefined> {
  mkdirSync("dist/live", { recursive: true });
  const texts = new Set<string>();
  try {
    for (const { container } of consumers) {
      await engine("cp", "--quiet", `${container}:${PROGRAM}`, COPY);
      texts.add(readFileSync(COPY, "utf8"));
    }
  } catch {
    return undefined;
  }
  const [text] = texts;
  return texts.size === 1 ? text : undefined;
}
