import type { ChangeJson } from "../../api";
import { h } from "../dom";
import { allCells, decimalBytes, count, duration, preview } from "../text";
import type { Entry } from "./timeline";
import { copyButton, wholeValue } from "../value";

/** The part of an opened row that is below its line. */
export function detail(entry: Entry): HTMLElement {
  if (entry.kind === "snapshot") return snapshotDetail(entry);
  if (entry.kind === "change") return changeDetail(entry.item.change);
  return h("div", { class: "detail" });
}

function changeDetail(change: ChangeJson): HTMLElement {
  const sides = [...(change.before ? (["before"] as const) : []), ...(change.after ? (["after"] as const) : [])];
  const changed = new Set(change.changed);
  const body = allCells(change).map((cell) =>
    h(
      "tr",
      { class: changed.has(cell.column) ? "changed" : undefined },
      h("th", { scope: "row" }, cell.column),
      ...sides.map((side) => h("td", { class: side }, wholeValue(cell[side]))),
    ),
  );
  const table = h(
    "table",
    { class: "cells" },
    h(
      "thead",
      {},
      h("tr", {}, h("th", { scope: "col" }, "Column"), ...sides.map((side) => h("th", { scope: "col" }, TITLE[side]))),
    ),
    h("tbody", {}, ...body),
  );
  return h(
    "div",
    { class: "detail" },
    ...(body.length > 0 ? [scroll("", table)] : []),
    facts(change),
    h(
      "div",
      { class: "buttons" },
      copyButton("Copy as JSON", () => JSON.stringify(change, null, 2)),
      rawButton(change),
    ),
  );
}

/** Shows the change as `/changes` has it, below the button. */
function rawButton(change: ChangeJson): HTMLElement {
  const button = h("button", { type: "button", class: "small", "aria-expanded": "false" }, "Raw JSON");
  let raw: HTMLElement | undefined;
  button.addEventListener("click", () => {
    button.setAttribute("aria-expanded", String(raw === undefined));
    if (raw) {
      raw.remove();
      raw = undefined;
      return;
    }
    raw = h("div", { class: "raw" }, wholeValue(JSON.stringify(change, null, 2)));
    button.parentElement?.after(raw);
  });
  return button;
}

/** An element that scrolls must be reachable by keyboard. */
function scroll(more: string, table: HTMLElement): HTMLElement {
  return h("div", { class: `scroll ${more}`, tabindex: 0, role: "group", "aria-label": "Columns" }, table);
}

const TITLE = { before: "Before", after: "After" };

function facts(change: ChangeJson): HTMLElement {
  const all: [string, string | undefined][] = [
    ["Committed", change.committedAt ?? undefined],
    ["Latency", change.lagMs === null ? undefined : duration(change.lagMs)],
    ["Transaction", change.position?.txId?.toString()],
    ["Log position", change.position?.lsn ?? undefined],
    ["Event", change.eventId ?? undefined],
    ["Record", `${change.topic}/${change.partition}, offset ${change.offset}`],
    ["Size as JSON", decimalBytes(new Blob([JSON.stringify(change)]).size)],
    ["Delivered again", change.duplicate && DUPLICATE[change.duplicate]],
    ["Retried", change.retried && "it was a dead letter, and was sent back"],
  ];
  return h(
    "dl",
    { class: "facts" },
    ...all
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value ?? ""))),
  );
}

const DUPLICATE = {
  redelivered: "by Kafka, after a restart or rebalance",
  repeated: "by the connector, after a restart of its own",
};

const MAX_COLUMNS = 12;

function snapshotDetail({ items, count: rows }: Extract<Entry, { kind: "snapshot" }>): HTMLElement {
  const columns = [...new Set(items.flatMap((item) => Object.keys(item.change.after ?? {})))].slice(0, MAX_COLUMNS);
  const body = [...items].reverse().map(({ change }) =>
    h(
      "tr",
      {},
      ...columns.map((column) => {
        const shown = preview(change.after?.[column], 80);
        return h("td", {}, h("span", { class: `value is-${shown.kind}` }, shown.text));
      }),
    ),
  );
  const heading = h("tr", {}, ...columns.map((column) => h("th", { scope: "col" }, column)));
  return h(
    "div",
    { class: "detail" },
    h(
      "p",
      { class: "hint" },
      rows > items.length ? `The last ${items.length} of ${count(rows)} rows, newest first` : "",
    ),
    scroll("folded", h("table", { class: "cells rows" }, h("thead", {}, heading), h("tbody", {}, ...body))),
  );
}
