import type { DeadLetterJson, DeadLettersJson, ErrorJson, SentBackJson } from "../api";
import { announce, byId, h, setText } from "./dom";
import { count } from "./text";

/** How often the list is fetched while a letter is on its way to the handler. */
const LOOK_AGAIN_MS = 1_500;

/** The tab of dead letters. */
export class LettersView {
  private readonly note = byId("letters-note");
  private readonly list = byId("letters");
  private timer: ReturnType<typeof setTimeout> | undefined;
  private shown = false;

  constructor() {
    byId("letters-read").addEventListener("click", () => void this.load());
  }

  open(): void {
    this.shown = true;
    void this.load();
  }

  close(): void {
    this.shown = false;
    clearTimeout(this.timer);
  }

  private async load(): Promise<void> {
    clearTimeout(this.timer);
    if (this.list.childElementCount === 0) setText(this.note, "Reading the topic …");
    try {
      this.draw(await ask<DeadLettersJson>("dead-letters"));
    } catch (error) {
      setText(this.note, (error as Error).message);
    }
  }

  private draw({ deadLetters, total, waiting }: DeadLettersJson): void {
    const rest = total > deadLetters.length ? `; the newest ${count(deadLetters.length)}` : "";
    setText(this.note, total === 0 ? "No dead letters" : `${count(total)} in all, ${count(waiting)} waiting${rest}`);
    byId("letters-caution").hidden = waiting === 0;
    const open = new Set([...this.list.querySelectorAll("details[open]")].map((one) => one.id));
    const focused = document.activeElement?.id;
    this.list.replaceChildren(...[...deadLetters].reverse().map((letter) => this.item(letter, open)));
    if (focused && this.list.contains(document.getElementById(focused))) byId(focused).focus();
    const underWay = deadLetters.some(({ state }) => state === "sent back");
    if (underWay && this.shown) this.timer = setTimeout(() => void this.load(), LOOK_AGAIN_MS);
  }

  private item(letter: DeadLetterJson, open: ReadonlySet<string>): HTMLElement {
    const { number, at, topic, partition, offset, key, error, state, attempts } = letter;
    const place = topic === null ? "of unknown origin" : `${topic}/${partition}, offset ${offset}`;
    const id = `letter-${number}`;
    const tries = attempts === 1 ? "1 attempt" : `${count(attempts)} attempts`;
    return h(
      "li",
      {},
      h(
        "div",
        { class: "head" },
        h("strong", {}, `#${number}`),
        h("time", { datetime: at }, new Date(at).toLocaleString()),
        h("span", {}, place),
        h("code", {}, key ?? "no key"),
        h("span", { class: `state ${state === "waiting" ? "is-waiting" : ""}` }, stateText(letter)),
        ...(state === "waiting" ? [this.button(letter)] : []),
      ),
      h("p", { class: "error" }, error),
      h(
        "details",
        { id, open: open.has(id) },
        h("summary", {}, `Value, after ${tries}`),
        h("pre", { tabindex: 0 }, letter.value ?? (letter.valueOmitted ? "too large for the topic" : "none")),
      ),
    );
  }

  private button({ number }: DeadLetterJson): HTMLElement {
    const attributes = { id: `again-${number}`, type: "button", "aria-label": `Run again dead letter ${number}` };
    const button = h("button", attributes, "Run again");
    button.addEventListener("click", () => {
      button.disabled = true;
      void this.again(number);
    });
    return button;
  }

  private async again(number: number): Promise<void> {
    try {
      await ask<SentBackJson>(`dead-letters/again?number=${number}`, "POST");
      announce(`Dead letter ${number} is sent back`);
      await this.load();
    } catch (error) {
      await this.load();
      setText(this.note, (error as Error).message);
    }
  }
}

function stateText({ state, failedAs }: DeadLetterJson): string {
  if (state === "failed again") return `failed again as #${failedAs}`;
  return state === "handled" ? "sent back, handled" : state === "sent back" ? "sent back …" : state;
}

async function ask<T>(path: string, method = "GET"): Promise<T> {
  const response = await fetch(path, { method, cache: "no-store", signal: AbortSignal.timeout(60_000) });
  const answer = (await response.json()) as T | ErrorJson;
  if (!response.ok) throw new Error((answer as ErrorJson).error);
  return answer as T;
}
