import { h } from "../dom";

/** Hands a text to the browser as a file. */
export function saveAs(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: url, download: name }).click();
  // The browser has it by then, or has said that it may not.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
