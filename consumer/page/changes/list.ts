import { detail } from "./detail";
import { refresh, row } from "./row-view";
import type { Entry } from "./timeline";

/** How many lines are in the document at first, and how many are added when the reader reaches the end. */
const PAGE = 300;

/**
 * Keeps an `<ol>` in step with the timeline, newest first. It changes only lines that differ. It keeps a limited number of
 * lines in the document, however many the timeline holds.
 */
export class ChangeList {
  private readonly elements = new Map<string, HTMLLIElement>();
  private readonly shown = new Map<string, Entry>();
  private readonly opened = new Set<string>();
  private limit = PAGE;
  private total = 0;

  constructor(
    private readonly list: HTMLOListElement,
    private readonly onOpenChange: (open: number) => void,
  ) {
    list.addEventListener("click", (event) => {
      const line = event.target instanceof Element ? event.target.closest<HTMLButtonElement>(".line") : null;
      if (line) this.toggle(line);
    });
  }

  render(entries: readonly Entry[]): void {
    this.total = entries.length;
    const visible = entries.slice(-this.limit);
    const keep = new Set(visible.map((entry) => entry.key));
    for (const [key, element] of this.elements) if (!keep.has(key)) this.remove(key, element);

    let cursor = this.list.firstChild;
    for (let i = visible.length - 1; i >= 0; i--) {
      const entry = visible[i] as Entry;
      let element = this.elements.get(entry.key);
      if (element) refresh(element, entry);
      else element = this.create(entry);
      if (element === cursor) cursor = cursor.nextSibling;
      else this.list.insertBefore(element, cursor);
    }
    this.keepOneTabStop();
  }

  get isEmpty(): boolean {
    return this.total === 0;
  }

  /** True when there were older lines to show. */
  showMore(): boolean {
    if (this.limit >= this.total) return false;
    this.limit += PAGE;
    return true;
  }

  /** Makes the document small again when the reader is back at the top. */
  showLess(): boolean {
    if (this.limit === PAGE) return false;
    this.limit = PAGE;
    return true;
  }

  closeAll(): void {
    for (const key of [...this.opened]) {
      const line = this.elements.get(key)?.querySelector<HTMLButtonElement>(".line");
      if (line) this.toggle(line);
    }
  }

  /** Moves the focus by `step` lines. From outside the list, it moves to the newest line. */
  move(step: 1 | -1): void {
    const lines = [...this.list.querySelectorAll<HTMLButtonElement>(".line")];
    const at = lines.indexOf(document.activeElement as HTMLButtonElement);
    const next = at < 0 ? lines[0] : lines[at + step];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    this.keepOneTabStop();
  }

  private create(entry: Entry): HTMLLIElement {
    const element = row(entry);
    this.elements.set(entry.key, element);
    this.shown.set(entry.key, entry);
    return element;
  }

  private remove(key: string, element: HTMLLIElement): void {
    element.remove();
    this.elements.delete(key);
    this.shown.delete(key);
    if (this.opened.delete(key)) this.onOpenChange(this.opened.size);
  }

  private toggle(line: HTMLButtonElement): void {
    const element = line.closest("li");
    const key = element?.dataset["key"];
    const entry = key === undefined ? undefined : this.shown.get(key);
    if (!element || key === undefined || !entry) return;
    const open = !this.opened.has(key);
    line.setAttribute("aria-expanded", String(open));
    element.classList.toggle("open", open);
    if (open) {
      this.opened.add(key);
      element.append(detail(entry));
    } else {
      this.opened.delete(key);
      element.querySelector(".detail")?.remove();
    }
    this.onOpenChange(this.opened.size);
  }

  /** Tab enters the list once, at the line that was used last or else at the newest. Arrows move within the list. */
  private keepOneTabStop(): void {
    const focused = this.list.contains(document.activeElement)
      ? document.activeElement?.closest("li")?.querySelector(".line")
      : undefined;
    const wanted = focused ?? this.list.querySelector(".line");
    const current = this.list.querySelector('.line[tabindex="0"]');
    if (current === wanted) return;
    current?.setAttribute("tabindex", "-1");
    wanted?.setAttribute("tabindex", "0");
  }
}
