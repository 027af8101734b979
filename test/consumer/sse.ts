/** Reads Server-Sent Events with fetch, as a browser would, and waits for what a test expects. */
export interface SseEvent {
  event: string;
  data: unknown;
  id: string | undefined;
}

export class SseReader {
  private text = "";
  private readonly controller = new AbortController();
  private constructor(private readonly chunks: AsyncIterator<Uint8Array>) {}

  static async open(url: string, headers: Record<string, string> = {}): Promise<SseReader> {
    const controller = new AbortController();
    const response = await fetch(url, { headers, signal: controller.signal });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    const reader = new SseReader((response.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]());
    reader.controller.signal.addEventListener("abort", () => controller.abort());
    return reader;
  }

  /** The next event of this name; others before it are skipped. */
  async next(event: string): Promise<SseEvent> {
    for (;;) {
      const found = await this.nextAny();
      if (found.event === event) return found;
    }
  }

  async nextAny(): Promise<SseEvent> {
    for (;;) {
      const end = this.text.indexOf("\n\n");
      if (end === -1) {
        const { value, done } = await this.chunks.next();
        if (done) throw new Error(`the stream ended; left: ${this.text}`);
        this.text += Buffer.from(value).toString("utf8");
        continue;
      }
      const lines = this.text.slice(0, end).split("\n");
      this.text = this.text.slice(end + 2);
      const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const event = field("event");
      if (event !== undefined) return { event, data: JSON.parse(field("data") ?? "null"), id: field("id") };
    }
  }

  close(): void {
    this.controller.abort();
  }
}
