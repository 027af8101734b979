import { h } from "./dom";
import { type ShownValue, asText, count, cut, preview } from "./text";

/** A value within a line. */
export function inlineValue(value: ShownValue, tag: "span" | "del" | "ins", max: number): HTMLElement {
  const shown = preview(value, max);
  return h(tag, { class: `value is-${shown.kind}` }, shown.text);
}

const FIRST = 600;
const MORE = 20_000;

/**
 * A value of any length in the opened row: its beginning, and more of it on demand. Laying out a megabyte at once would
 * stop the page.
 */
export function wholeValue(value: ShownValue): HTMLElement {
  const shown = preview(value, FIRST);
  if (shown.kind !== "text" || value === undefined || value === null || typeof value === "symbol") {
    return h("div", { class: `value is-${shown.kind}` }, shown.text);
  }
  const text = asText(value);
  if (text.length <= FIRST) return h("div", { class: "value is-text" }, text);
  let end = 0;
  const body = h("div", { class: "value is-text whole", tabindex: 0, role: "group", "aria-label": "Value" });
  const add = (size: number): void => {
    const piece = cut(text, size, end);
    end += piece.length;
    body.append(h("span", {}, piece));
  };
  add(FIRST);

  const more = h("button", { type: "button", class: "small" });
  const label = (): void => {
    more.textContent = `Show more (${count(text.length - end)} characters left)`;
  };
  const buttons = h(
    "div",
    { class: "buttons" },
    more,
    copyButton("Copy value", () => text),
  );
  more.addEventListener("click", () => {
    add(MORE);
    label();
    if (end >= text.length) more.remove();
  });
  label();
  return h("div", {}, body, buttons);
}

export function copyButton(name: string, text: () => string): HTMLButtonElement {
  const button = h("button", { type: "button", class: "small" }, name);
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(text()).then(
      () => flash("Copied"),
      () => flash("The browser did not allow it"),
    );
  });
  const flash = (word: string): void => {
    button.textContent = word;
    setTimeout(() => (button.textContent = name), 1_500);
  };
  return button;
}
