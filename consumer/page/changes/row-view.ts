import type { ChangeJson, Op } from "../../api";
import { h } from "../dom";
import type { Entry } from "./timeline";
import { cells, clock, count, duration, keyText, preview, remark } from "../text";
import { inlineValue } from "../value";

/** How many columns a line shows. The opened row has them all. */
const MAX_CELLS = 8;
const MAX_CHARS = 60;

/** The list item of an entry, closed. */
export function row(entry: Entry): HTMLLIElement {
  switch (entry.kind) {
    case "change":
      return changeRow(entry.key, entry.item.change);
    case "snapshot":
      return line(entry.key, "snapshot", entry.table, "", [snapshotText(entry.count)], null, null);
    case "skipped":
      return h("li", { class: "mark", "data-key": entry.key }, `${count(entry.count)} more not shown`);
    case "note":
      return h("li", { class: "mark note", "data-key": entry.key }, entry.text);
  }
}

/** Updates the line of a folded snapshot, which grows while it is shown. */
export function refresh(element: HTMLLIElement, entry: Entry): void {
  if (entry.kind !== "snapshot") return;
  const what = element.querySelector(".what");
  const text = snapshotText(entry.count);
  if (what && what.textContent !== text) what.textContent = text;
}

function snapshotText(rows: number): string {
  return rows === 1 ? "1 row read" : `${count(rows)} rows read`;
}

function changeRow(key: string, change: ChangeJson): HTMLLIElement {
  return line(
    key,
    change.op,
    change.op === "message" ? (change.message?.prefix ?? "") : change.table,
    keyText(change.key),
    what(change),
    change.committedAt,
    change.lagMs,
  );
}

function line(
  key: string,
  op: Op,
  table: string,
  rowKey: string,
  content: (Node | string)[],
  committedAt: string | null,
  lagMs: number | null,
): HTMLLIElement {
  const dot = table.indexOf(".");
  return h(
    "li",
    { class: `row op-${op}`, "data-key": key },
    h(
      "button",
      { type: "button", class: "line", "aria-expanded": "false", tabindex: "-1" },
      h("span", { class: "time" }, clock(committedAt)),
      " ",
      h("span", { class: "op" }, op),
      " ",
      h("span", { class: "table" }, h("span", { class: "schema" }, table.slice(0, dot + 1)), table.slice(dot + 1)),
      " ",
      h("span", { class: "key" }, rowKey),
      " ",
      h("span", { class: "what" }, ...content),
      " ",
      h("span", { class: "lag" }, lagMs === null ? "" : duration(lagMs)),
    ),
  );
}

function what(change: ChangeJson): Node[] {
  const all = cells(change);
  const parts: Node[] = [];
  if (change.duplicate) parts.push(h("span", { class: "tag" }, change.duplicate));
  if (change.retried) parts.push(h("span", { class: "tag" }, "retried"));
  for (const cell of all.slice(0, MAX_CELLS)) {
    const values =
      "before" in cell && "after" in cell
        ? [
            inlineValue(cell.before, "del", MAX_CHARS),
            h("span", { class: "arrow" }, " → "),
            inlineValue(cell.after, "ins", MAX_CHARS),
          ]
        : [inlineValue("after" in cell ? cell.after : cell.before, "span", MAX_CHARS)];
    parts.push(h("span", { class: "cell" }, h("span", { class: "column" }, cell.column), " ", ...values), space());
  }
  if (all.length > MAX_CELLS) parts.push(h("span", { class: "column" }, `+${all.length - MAX_CELLS} columns`));
  if (all.length === 0) parts.push(h("span", { class: "column" }, preview(remark(change), 200).text));
  return parts;
}

function space(): Text {
  return document.createTextNode(" ");
}
