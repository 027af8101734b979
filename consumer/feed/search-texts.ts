import type { ChangeJson } from "../api";
import { searchText } from "../change/filter";

/** Several clients with a text filter look at the same new changes one after the other. */
const MOST_TEXTS = 2_000;
const MOST_CHARACTERS = 4 << 20;

/** What a text is looked for in, of the changes that were looked at last: to make it is to parse the change. */
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
