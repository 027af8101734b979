/** A clock whose time passes only when all work of a moment is done. */
export class VirtualTime {
  now = 0;
  private readonly timers: { at: number; callback: () => void }[] = [];

  later(ms: number, callback: () => void): void {
    const at = this.now + ms;
    const next = this.timers.findIndex((timer) => timer.at > at);
    this.timers.splice(next === -1 ? this.timers.length : next, 0, { at, callback });
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.later(ms, resolve));
  }

  /** Lets time pass until the promise is settled. */
  async passUntil(end: Promise<unknown>): Promise<void> {
    let ended = false;
    const mark = () => void (ended = true);
    end.then(mark, mark);
    for (;;) {
      await new Promise(setImmediate);
      if (ended) return;
      const timer = this.timers.shift();
      if (timer === undefined) throw new Error("nothing is left that could end it");
      this.now = timer.at;
      timer.callback();
    }
  }
}
