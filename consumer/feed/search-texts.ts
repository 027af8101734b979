import type { ChangeJson } from "../api";
import { searchText } from "../change/filter";

/** Texts that are kept: several clients with a text filter search the same new changes one after the other. */
const MOST_TEXTS = 2_000;
const MOST_CHARACTERS = 4 << 20;

/** The search texts of the changes that were searched last. To make one, the change has to be parsed. */
export class SearchTexts {
  private readonly texts = new Map<number, string>();
  private characters = 0;

  of(entry: { readonly id: number; readonly json: string }): string {
    const known = this.texts.get(entry.id);
    if (known !== undefined) return known;
    const text = searchText(JSON.parse(entry.json) as ChangeJson);
    if (this.texts.size >= MOST_TEXTS || this.characters + text.length > MOST_CHARACTERS) {
      this.texts.clear();
      this.characters = 0;
    }
    this.texts.set(entry.id, text);
    this.characters += text.length;
    return text;
  }
}
