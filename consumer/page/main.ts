import { Connection } from "./connection";
import { announce, byId, setText } from "./dom";
import { noMatch, waiting } from "./changes/empty";
import { Facets } from "./changes/facets";
import { Figures } from "./figures/figure-cards";
import { EVERYTHING, type Filter } from "../change/filter";
import { fromQuery, isEverything, toQuery } from "./changes/filter-form";
import { listenToKeys } from "./keyboard";
import { LettersView } from "./letters";
import { LinkBar } from "./link";
import { ChangeList } from "./changes/list";
import { FeedModel, type Hold } from "./changes/model";
import { saveAs } from "./changes/download";
import { RowsView } from "./tables/rows-view";
import { Strip } from "./figures/strip";
import { count } from "./text";
import { Views } from "./views";

const TYPING_MS = 150;
/** After a reconnection, missed changes come all at once. They are shown all at once, and not thinned as a flood. */
const REPLAY_MS = 300;

let filter = fromQuery(new URLSearchParams(location.search));

const figures = new Figures();
const strip = new Strip();
const list = new ChangeList(byId<HTMLOListElement>("feed"), () => keepStill());
const facets = new Facets(filter, (part) => setFilter({ ...filter, ...part }));
const text = byId<HTMLInputElement>("text");
const pause = byId<HTMLButtonElement>("pause");
const pill = byId<HTMLButtonElement>("pill");
const rows = new RowsView();
const letters = new LettersView();
const bar = new LinkBar(() => connection.retryNow());

const connection = new Connection({
  onChanges: (life, changes, chars) => {
    model.receive(life, changes, chars);
    rows.receive(changes);
  },
  onTotals: (totals) => {
    figures.set(totals);
    facets.show(totals);
  },
  onGap: (gap) => {
    model.gap(gap);
    rows.gap();
  },
  onLink: (link) => {
    bar.show(link);
    if (link.state === "connecting") return;
    strip.setConnected(link.state === "open");
    if (link.state === "waiting") setHold("offline", true);
    else setTimeout(() => setHold("offline", false), REPLAY_MS);
  },
});
const model = new FeedModel((matching, after) => connection.fetch(matching, after));

/** Whether the list must be drawn even when no change has come. */
let stale = true;

function frame(now: number): void {
  if (model.flush(now) || stale) {
    stale = false;
    list.render(model.timeline.entries);
    showEmpty();
  }
  showState(now);
  rows.frame(now);
  requestAnimationFrame(frame);
}

function showState(now: number): void {
  const stopped = model.isHeldBy("paused") || model.isHeldBy("reading");
  const news = model.held > 0 ? `${count(model.held)} new` : "";
  setText(pause, stopped ? (news ? `Resume · ${news}` : "Resume") : "Pause");
  pause.classList.toggle("on", stopped);
  pill.hidden = !(model.isHeldBy("scrolled") && model.held > 0);
  if (!pill.hidden) setText(pill, `↑ ${news}`);
  const sampling = !model.isHeld && model.isSampling(now);
  const notice = byId("sampling");
  notice.hidden = !sampling;
  if (sampling) setText(notice, "Too fast to read: rows are a sample, counts are exact");
  document.body.classList.toggle("busy", sampling);
}

function showEmpty(): void {
  const empty = byId("empty");
  const state = !list.isEmpty ? "" : isEverything(filter) ? "waiting" : "no match";
  if (empty.dataset["state"] === state) return;
  empty.dataset["state"] = state;
  empty.hidden = state === "";
  empty.replaceChildren(...(state === "waiting" ? waiting() : state === "no match" ? noMatch(clearFilter) : []));
}

function setHold(hold: Hold, on: boolean): void {
  if (on) model.hold(hold);
  else void model.release(hold).then(() => (stale = true));
  stale = true;
}

/** Newer rows must not push away a row that is open, or that has the keyboard's focus. */
function keepStill(): void {
  setHold("reading", byId("feed").querySelector(".open, :focus-visible") !== null);
}

function setPaused(on: boolean): void {
  const missed = model.held;
  if (!on) {
    list.closeAll();
    setHold("reading", false);
  }
  setHold("paused", on);
  announce(on ? "Paused" : `Resumed, ${count(missed)} new changes`);
}

function setFilter(next: Filter): void {
  filter = next;
  showFilter();
  const query = toQuery(filter).toString();
  history.replaceState(null, "", (query ? `?${query}` : location.pathname) + location.hash);
  void model.setFilter(filter).then(() => (stale = true));
  stale = true;
}

function showFilter(): void {
  facets.set(filter);
  if (text.value !== filter.text) text.value = filter.text;
  byId("clear").hidden = isEverything(filter);
}

function clearFilter(): void {
  setFilter(EVERYTHING);
}

function togglePause(): void {
  setPaused(!(model.isHeldBy("paused") || model.isHeldBy("reading")));
}

function leave(): void {
  const focused = document.activeElement;
  if (focused === text && text.value !== "") setFilter({ ...filter, text: "" });
  else if (focused instanceof HTMLElement && focused !== document.body) {
    list.closeAll();
    focused.blur();
  } else list.closeAll();
}

let typing: ReturnType<typeof setTimeout> | undefined;
text.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => setFilter({ ...filter, text: text.value.trim() }), TYPING_MS);
});
pause.addEventListener("click", togglePause);
byId("clear").addEventListener("click", clearFilter);
byId("download").addEventListener("click", () => {
  connection.download(filter).then(
    (lines) => saveAs("changes.jsonl", "application/jsonl", lines),
    () => announce("The consumer does not answer"),
  );
});
pill.addEventListener("click", () => scrollTo({ top: 0 }));
byId("help-open").addEventListener("click", () => byId<HTMLDialogElement>("help").showModal());

const feed = byId("feed");
feed.addEventListener("focusin", keepStill);
feed.addEventListener("focusout", () => setTimeout(keepStill));

new Views((view) => {
  // Lines are not drawn while nobody can see them.
  setHold("elsewhere", view !== "changes");
  if (view === "rows") void rows.open();
  if (view === "letters") letters.open();
  else letters.close();
});

listenToKeys({
  search: () => text.focus(),
  pause: togglePause,
  move: (step) => list.move(step),
  leave,
  help: () => byId<HTMLDialogElement>("help").showModal(),
});

new IntersectionObserver(([edge]) => {
  const above = !edge?.isIntersecting && (edge?.boundingClientRect.top ?? 0) < 0;
  if (!above && list.showLess()) stale = true;
  setHold("scrolled", above);
}).observe(byId("top-edge"));
new IntersectionObserver(
  ([edge]) => {
    if (edge?.isIntersecting && list.showMore()) stale = true;
  },
  { rootMargin: "600px" },
).observe(byId("bottom-edge"));
document.addEventListener("visibilitychange", () => setHold("hidden", document.visibilityState === "hidden"));
window.addEventListener("online", () => connection.retryNow());

// On a phone, the filters are folded at first, so that changes are at the top.
if (matchMedia("(max-width: 760px)").matches) byId("facets").removeAttribute("open");
model.hold("offline");
showFilter();
strip.start();
setInterval(() => figures.tick(), 1_000);
void connection.start().then(() => {
  setHold("offline", false);
  // This is after the start, so that the changes which it fetches are added to the first ones and not overwritten.
  if (!isEverything(filter)) setFilter(filter);
});
requestAnimationFrame(frame);
