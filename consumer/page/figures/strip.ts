import type { PartState, PartStatus, StatusJson } from "../../api";
import { byId, h, setText } from "../dom";

const PARTS = { database: "Database", connector: "Connector", broker: "Broker", consumer: "Consumer" } as const;
type Part = keyof typeof PARTS;
const EVERY_MS = 3_000;

const UNREACHABLE: StatusJson = {
  database: { state: "unknown", detail: "The consumer does not answer" },
  connector: { state: "unknown", detail: "The consumer does not answer" },
  broker: { state: "unknown", detail: "The consumer does not answer" },
  consumer: { state: "down", detail: "It does not answer this page" },
};

/** The pipeline from the database to this page: a lamp, a word and a sentence for each part. */
export class Strip {
  private readonly lamps = new Map<Part, { element: HTMLElement; word: HTMLElement; detail: HTMLElement }>();

  private connected = true;

  constructor() {
    for (const part of Object.keys(PARTS) as Part[]) {
      const word = h("span", { class: "word" }, "…");
      const detail = h("span", { class: "detail-text" });
      const element = h(
        "li",
        { class: "part", "data-part": part, "data-state": "unknown" },
        h("span", { class: "lamp", "aria-hidden": "true" }),
        h("span", { class: "name" }, PARTS[part]),
        " ",
        word,
        " ",
        detail,
      );
      this.lamps.set(part, { element, word, detail });
      byId("strip").append(element);
    }
  }

  /** Asks now, and again and again. It does not ask while the tab is hidden, or while the stream is known to be broken. */
  start(): void {
    const ask = async (): Promise<void> => {
      if (document.visibilityState === "visible" && this.connected) await this.ask();
      setTimeout(() => void ask(), EVERY_MS);
    };
    void ask();
  }

  /** Sets the lamps at once when the connection is lost or comes back, and not only after the next request. */
  setConnected(connected: boolean): void {
    this.connected = connected;
    if (connected) void this.ask();
    else this.show(UNREACHABLE);
  }

  private async ask(): Promise<void> {
    const answer = await status();
    this.show(this.connected ? answer : UNREACHABLE);
  }

  private show(all: StatusJson): void {
    for (const [part, { element, word, detail }] of this.lamps) {
      const { state, detail: sentence }: PartStatus = all[part] ?? { state: "unknown", detail: "" };
      element.dataset["state"] = state;
      element.title = `${PARTS[part]}: ${sentence || state}`;
      setText(word, WORD[state]);
      setText(detail, sentence);
    }
    if (all.group) showGroup(all.group);
  }
}

/** Says that a change which is not on this page may be on another consumer's page. The text stays while the consumer is away. */
function showGroup({ number, pages }: NonNullable<StatusJson["group"]>): void {
  const note = byId("group");
  if (!note.hidden) return;
  note.hidden = false;
  const others = pages.flatMap((page, at) =>
    at + 1 === number ? [] : [" ", h("a", { href: page }, `consumer ${at + 1}`)],
  );
  note.append(
    `This is consumer ${number} of ${pages.length}: it shows the changes of its own partitions. The others': `,
    ...others,
  );
}

const WORD: Record<PartState, string> = { up: "up", warning: "warning", down: "down", unknown: "unknown" };

async function status(): Promise<StatusJson> {
  try {
    const response = await fetch("status", { cache: "no-store", signal: AbortSignal.timeout(5_000) });
    return response.ok ? ((await response.json()) as StatusJson) : UNREACHABLE;
  } catch {
    return UNREACHABLE;
  }
}
