import type { ChangeJson } from "../../../consumer/api";
import type { Sink } from "../../../consumer/feed/feed";

/** A connection that takes `room` messages and then asks to wait. */
export class FakeSink implements Sink {
  readonly sent: string[] = [];
  ended = false;
  private drained: (() => void) | undefined;
  constructor(private room = Infinity) {}
  get writableNeedDrain() {
    return this.room <= 0;
  }
  write(message: string | Buffer) {
    this.sent.push(message.toString());
    return --this.room > 0;
  }
  once(_event: "drain", listener: () => void) {
    this.drained = listener;
  }
  end(done: () => void) {
    this.ended = true;
    done();
  }
  drain(room: number) {
    this.room = room;
    const listener = this.drained;
    this.drained = undefined;
    listener?.();
  }
  of<T>(event: string): T[] {
    return this.sent
      .filter((text) => text.includes(`event: ${event}\n`))
      .map((text) => JSON.parse(/^data: (.*)$/m.exec(text)![1]!) as T);
  }
  ids(): number[] {
    return this.of<ChangeJson[]>("changes").flatMap((changes) => changes.map(({ id }) => id));
  }
}
