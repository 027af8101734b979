import axios from "axios";
import type { ChangeJson, ChangesJson, ErrorJson, GapJson, RowTopicsJson, StatusJson } from "../../consumer/api";
import { count } from "../../consumer/page/text";
import { follow, type Link } from "../../consumer/page/sse";
import type { Paint } from "../terminal/paint";
import { changeLine, snapshotLine } from "./change-line";
import { unreadTexts } from "./unread-tables";
import { toQuery, type WatchOptions } from "./watch-options";

export interface WatchOutput {
  /** A line for the reader or the pipe. */
  line: (text: string) => void;
  /** A line about the watch itself. */
  notice: (text: string) => void;
  /** Resolves when the written lines were taken; undefined when they were already. */
  drained: () => Promise<void> | undefined;
}

/** Snapshot rows come by thousands. So long after the last one, their number is printed. */
const QUIET_MS = 400;
const RETRY_MS = 1_000;
/** A consumer that takes a connection and gives no answer for so long counts as one that is not there. */
const ANSWER_MS = 5_000;

/** Follows the feed until the signal aborts: of several consumers, that of each, or of the one that the person has named. Rejects when a consumer refuses the query. */
export async function watch(
  base: string,
  options: WatchOptions,
  output: WatchOutput,
  paint: Paint,
  signal: AbortSignal,
): Promise<void> {
  const others: Promise<void>[] = [];
  await watchOne(base, options, output, paint, signal, async () => {
    const group = await groupOf(base, signal);
    if (group !== undefined && options.url === undefined) {
      const further = group.pages.filter((_page, at) => at !== group.number - 1);
      others.push(...further.map((page) => watchOne(page, options, output, paint, signal)));
      // One that refuses the query is told at the end, as the first one would be.
      for (const other of others) other.catch(() => undefined);
    } else if (group !== undefined)
      output.notice(
        `${base} is consumer ${group.number} of ${group.pages.length} and has the changes of its own partitions; without --url those of all are shown`,
      );
    // All of them read the same topics.
    for (const text of unreadTexts(options.tables, await readTopics(base, signal))) output.notice(text);
  });
  await Promise.all(others);
}

/** @param answered is called once the consumer has answered */
async function watchOne(
  base: string,
  options: WatchOptions,
  { line, notice, drained }: WatchOutput,
  paint: Paint,
  signal: AbortSignal,
  answered?: () => Promise<void>,
): Promise<void> {
  const query = toQuery(options);
  const print = options.json ? (change: ChangeJson) => line(JSON.stringify(change)) : folding(line, paint);
  const first = await firstLook(base, query, options.last, notice, signal);
  if (first === undefined) return;
  await answered?.();
  if (options.last > 0) first.changes.forEach(print);
  if (!options.json) notice(`Watching ${base} for changes; Ctrl-C ends it`);
  let lost = false;
  await follow({
    url: () => `${base}/events?${query}`,
    lastEventId: `${first.epoch}-${first.newestId ?? 0}`,
    signal,
    ready: drained,
    onEvent: ({ event, data }) => {
      if (event === "changes") (JSON.parse(data) as ChangeJson[]).forEach(print);
      else if (event === "gap") notice(gapText(JSON.parse(data) as GapJson));
    },
    onLink: (link: Link) => {
      if (link.state === "waiting" && !lost) notice(`Lost ${base}: ${link.reason}. Trying again until it answers`);
      if (link.state === "open" && lost) notice("Connected again");
      lost = link.state === "waiting" || (lost && link.state !== "open");
    },
  }).done;
}

/** Which of several consumers this is, and the pages of all. Undefined for an only one. */
async function groupOf(base: string, signal: AbortSignal): Promise<StatusJson["group"]> {
  const answer = await axios
    .get<StatusJson>(`${base}/status`, { signal, proxy: false, timeout: ANSWER_MS })
    .catch(() => undefined);
  return answer?.data.group;
}

/** The topics that the consumer reads. Empty when it is of an earlier version, or reads none yet. */
async function readTopics(base: string, signal: AbortSignal): Promise<string[]> {
  const answer = await axios
    .get<RowTopicsJson>(`${base}/rows`, { signal, proxy: false, timeout: ANSWER_MS })
    .catch(() => undefined);
  return answer?.data.topics ?? [];
}

/** The last changes, and the place from which the feed goes on. It waits for a consumer that does not answer yet. */
async function firstLook(
  base: string,
  query: URLSearchParams,
  last: number,
  notice: (text: string) => void,
  signal: AbortSignal,
): Promise<ChangesJson | undefined> {
  const address = `${base}/changes?${new URLSearchParams([...query, ["limit", String(Math.max(1, last))]])}`;
  for (let tries = 0; !signal.aborted; tries++) {
    const answer = await axios
      .get<ChangesJson | Partial<ErrorJson>>(address, {
        signal,
        proxy: false,
        timeout: ANSWER_MS,
        validateStatus: () => true,
      })
      .catch(() => undefined);
    if (answer?.status === 200) return answer.data as ChangesJson;
    if (answer) {
      const { error = answer.statusText } = answer.data as Partial<ErrorJson>;
      throw new Error(`${base} answered ${answer.status}: ${error}`);
    }
    if (tries === 0 && !signal.aborted)
      notice(`Nothing answers at ${base} yet; is the stack up? Trying again until it does`);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, RETRY_MS);
      signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
    });
  }
  return undefined;
}

/** Prints changes. For a run of snapshot rows, it prints only their number by table. */
function folding(line: (text: string) => void, paint: Paint): (change: ChangeJson) => void {
  const rows = new Map<string, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (): void => {
    clearTimeout(timer);
    for (const [table, n] of rows) line(snapshotLine(table, n, paint));
    rows.clear();
  };
  return (change) => {
    if (change.op === "snapshot") {
      rows.set(change.table, (rows.get(change.table) ?? 0) + 1);
      clearTimeout(timer);
      timer = setTimeout(tell, QUIET_MS);
      return;
    }
    if (rows.size > 0) tell();
    line(changeLine(change, paint));
  };
}

function gapText({ reason, missed }: GapJson): string {
  if (reason === "restarted") return "The consumer restarted";
  const number = missed === null ? "some" : count(missed);
  return reason === "slow"
    ? `${number} changes left out: they came faster than they could be shown`
    : `${number} changes missed: the consumer no longer holds them`;
}
