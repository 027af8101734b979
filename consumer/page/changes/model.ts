import type { ChangeJson, GapJson } from "../../api";
import { EVERYTHING, type Filter } from "../../change/filter";
import { isEverything, matches } from "./filter-form";
import { isAfter, merge, place, RecentChanges, START, type RecentItem, type StreamPlace } from "./recent-items";
import { Sampler } from "../figures/sampler";
import { Timeline } from "./timeline";

/** Reasons to hold the feed: the button, an open row, a scrolled page, a hidden tab, another view, no connection, a request under way. */
export type Hold = "paused" | "reading" | "scrolled" | "hidden" | "elsewhere" | "offline" | "fetching";

/** Asks the consumer for changes that match `filter`; with `after`, only later ones. */
export type Fetch = (filter: Filter, after: StreamPlace | undefined) => Promise<RecentItem[]>;

/**
 * Decides what the feed shows: changes come in at any speed, and lines come out at reading speed. It does not use the
 * document, so that tests can run it with a clock of their own.
 */
export class FeedModel {
  readonly recent: RecentChanges;
  readonly timeline = new Timeline();
  private readonly sampler = new Sampler();
  private readonly holds = new Set<Hold>();
  private filter: Filter = EVERYTHING;
  private waiting: RecentItem[] = [];
  private waitingNotes: string[] = [];
  private waitingHole = false;
  /** Matching changes that came while held. */
  held = 0;

  constructor(
    private readonly fetch: Fetch,
    recent = new RecentChanges(),
  ) {
    this.recent = recent;
  }

  receive(life: number, changes: ChangeJson[], chars: number): void {
    const first = changes[0];
    if (this.waitingHole && first) {
      this.recent.hole({ life, id: first.id });
      this.waitingHole = false;
    }
    const added = this.recent.add(life, changes, chars).filter((item) => matches(this.filter, item.change));
    if (this.isHeld) this.held += added.length;
    else for (const item of added) this.waiting.push(item);
  }

  gap({ reason, missed }: GapJson): void {
    this.waitingHole = true;
    if (reason === "restarted") return this.note("The consumer restarted");
    if (missed === null) return;
    if (!this.isHeld) {
      this.note(`${missed.toLocaleString("en")} changes not shown: ${GAP_REASON[reason]}`);
    } else if (isEverything(this.filter)) {
      // With a filter, it is not known here whether the missed changes match. The release fetches them.
      this.held += missed;
    }
  }

  get isHeld(): boolean {
    return this.holds.size > 0;
  }

  isHeldBy(hold: Hold): boolean {
    return this.holds.has(hold);
  }

  isSampling(now: number): boolean {
    return this.sampler.isSampling(now);
  }

  /** Holds the feed. Waiting changes are shown first, so a pause begins with all changes that had come by then. */
  hold(hold: Hold): void {
    if (!this.isHeld) this.showAll();
    this.holds.add(hold);
  }

  /** Ends a hold. After the last one, all changes that came meanwhile are shown. Those that are no longer here are fetched. */
  async release(hold: Hold): Promise<void> {
    if (!this.holds.delete(hold) || this.isHeld) return;
    const from = this.timeline.upTo;
    const missing = isAfter(this.recent.completeAfter, from);
    this.held = 0;
    if (missing) {
      // The feed is held until the answer comes, so that nothing newer is shown before it.
      this.holds.add("fetching");
      const fetched = await this.fetch(this.filter, from).catch(() => []);
      this.holds.delete("fetching");
      if (this.isHeld) return;
      this.held = 0;
      this.catchUp(merge(fetched, this.recent.since(from)));
    } else {
      this.catchUp(this.recent.since(from));
    }
  }

  /** Shows the matching changes that are here at once. Then it adds those that only the consumer still has. */
  async setFilter(filter: Filter): Promise<void> {
    this.filter = filter;
    const upTo = this.isHeld ? this.timeline.upTo : this.recent.newest;
    this.rebuild(this.recent.since(START), upTo);
    const fetched = await this.fetch(filter, undefined).catch(() => []);
    if (this.filter !== filter) return;
    this.showAll();
    this.rebuild(merge(fetched, this.recent.since(START)), this.isHeld ? upTo : this.recent.newest);
  }

  /** Moves waiting changes into the timeline, as many as can be read. @returns whether the timeline changed */
  flush(now: number): boolean {
    if (this.isHeld) return false;
    const notes = this.waitingNotes.splice(0);
    for (const note of notes) this.timeline.note(note);
    if (this.waiting.length === 0) return notes.length > 0;
    // Rows of a folded snapshot take no line of their own.
    const lines = this.waiting.reduce((n, item) => n + (item.change.op === "snapshot" ? 0 : 1), 0);
    const shown = this.sampler.take(lines, now);
    if (shown === undefined) return notes.length > 0;
    let omit = lines - shown;
    const skipped = omit;
    const items = this.waiting.filter((item) => item.change.op === "snapshot" || omit-- <= 0);
    const newest = place(this.waiting[this.waiting.length - 1] as RecentItem);
    this.waiting = [];
    this.timeline.skip(skipped);
    this.timeline.append(items);
    this.timeline.upTo = newest;
    return true;
  }

  private note(text: string): void {
    this.waitingNotes.push(text);
  }

  private showAll(): void {
    this.timeline.append(this.waiting);
    this.waiting = [];
    if (isAfter(this.recent.newest, this.timeline.upTo) && !this.isHeld) this.timeline.upTo = this.recent.newest;
  }

  private catchUp(items: RecentItem[]): void {
    this.waiting = [];
    for (const note of this.waitingNotes.splice(0)) this.timeline.note(note);
    this.timeline.append(items.filter((item) => matches(this.filter, item.change)));
    this.timeline.upTo = this.recent.newest;
  }

  private rebuild(items: RecentItem[], upTo: StreamPlace): void {
    this.timeline.clear();
    this.waiting = [];
    this.timeline.append(items.filter((item) => !isAfter(place(item), upTo) && matches(this.filter, item.change)));
    this.timeline.upTo = upTo;
    if (this.isHeld) this.held = this.recent.since(upTo).filter((item) => matches(this.filter, item.change)).length;
  }
}

const GAP_REASON: Record<Exclude<GapJson["reason"], "restarted">, string> = {
  evicted: "the consumer no longer holds them",
  slow: "they came faster than this page could read",
};
