import { h } from "../dom";

/** Hands a text to the browser as a file. */
export function saveAs(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: url, download: name }).click();
  // By that time, the browser has saved the file or refused to.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
