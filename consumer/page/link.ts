import { announce, byId, setText } from "./dom";
import type { Link } from "./sse";

/** A shorter loss of the connection is not shown. */
const PATIENCE_MS = 600;

/** The bar that says that the connection is lost, and when it is tried again. It has a button to try now. */
export class LinkBar {
  private readonly bar = byId("link");
  private countdown: ReturnType<typeof setInterval> | undefined;
  private patience: ReturnType<typeof setTimeout> | undefined;

  constructor(onRetry: () => void) {
    byId("link-retry").addEventListener("click", onRetry);
  }

  show(link: Link): void {
    clearInterval(this.countdown);
    if (link.state === "open") {
      clearTimeout(this.patience);
      this.patience = undefined;
      if (!this.bar.hidden) announce("Connected again");
      this.bar.hidden = true;
      document.body.classList.remove("disconnected");
      return;
    }
    this.patience ??= setTimeout(() => {
      this.bar.hidden = false;
      document.body.classList.add("disconnected");
    }, PATIENCE_MS);
    if (link.state === "connecting") {
      setText(byId("link-text"), "Connecting to the consumer …");
      return;
    }
    const until = performance.now() + link.retryInMs;
    const tell = (): void => {
      const seconds = Math.max(1, Math.ceil((until - performance.now()) / 1000));
      setText(byId("link-text"), `No connection to the consumer: ${link.reason}. Trying again in ${seconds} s.`);
    };
    tell();
    this.countdown = setInterval(tell, 250);
  }
}
