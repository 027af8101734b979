import { h } from "../dom";
import { copyButton } from "../value";

const COMMAND = `psql -h localhost -p 55432 -U cdctest cdctest -c "insert into customers (first_name, email) values ('Ada', 'ada@example.com')"`;

/** Shown before the first change: what to do to see one. */
export function waiting(): HTMLElement[] {
  return [
    h("div", { class: "pulse", "aria-hidden": "true" }),
    h("h2", {}, "Waiting for the first change"),
    h("p", {}, "Rows that are inserted, updated or deleted in a captured table appear here. Try"),
    h(
      "div",
      { class: "command" },
      h("code", {}, "npm run demo"),
      copyButton("Copy", () => "npm run demo"),
    ),
    h("p", {}, "or"),
    h(
      "div",
      { class: "command" },
      h("code", {}, COMMAND),
      copyButton("Copy", () => COMMAND),
    ),
  ];
}

/** Shown when there are changes, but the filter lets none through. */
export function noMatch(onClear: () => void): HTMLElement[] {
  const clear = h("button", { type: "button" }, "Clear filters");
  clear.addEventListener("click", onClear);
  return [h("h2", {}, "No change matches"), h("p", {}, "New ones that match appear here as they come."), clear];
}
