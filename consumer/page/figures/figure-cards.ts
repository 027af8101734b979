import { OPS, type Op, type TotalsJson } from "../../api";
import { Sparkline, type Point } from "./charts";
import { byId, h, setText } from "../dom";
import { count, duration, milliseconds } from "../text";

/** The three cards: changes in total, changes a second, and lag. */
export class Figures {
  private latest: TotalsJson | undefined;
  private fresh = false;
  private readonly rate: Sparkline;
  private readonly lag: Sparkline;
  private readonly segments = new Map<Op, HTMLElement>();

  constructor() {
    this.rate = new Sparkline("rate-chart", [{ color: "--accent", fill: "--accent-wash", width: 1.5 }], (at) => {
      setText(byId("rate-note"), at ? `${rateText(at.values[0])}/s ${ago(at.ago)}` : "changes, last second");
    });
    this.lag = new Sparkline(
      "lag-chart",
      [
        { color: "--accent", fill: "--accent-wash", width: 1.5 },
        { color: "--muted-line", width: 1 },
      ],
      (at) => (at ? setText(byId("lag-note"), `${lagText(at.values)} ${ago(at.ago)}`) : this.showLag()),
    );
    for (const op of OPS) {
      const segment = h("span", { class: `op-${op}` });
      this.segments.set(op, segment);
      byId("share").append(segment);
    }
    setText(byId("rate-note"), "changes, last second");
  }

  set(totals: TotalsJson): void {
    this.latest = totals;
    this.fresh = true;
    setText(byId("total"), count(totals.total));
    setText(byId("total-note"), note(totals));
    byId("total-note").classList.toggle("alert", totals.deadLetters > 0);
    const sums = perOp(totals);
    for (const [op, segment] of this.segments) segment.style.flexGrow = String(sums[op]);
    setText(byId("rate"), rateText(totals.ratePerSecond));
    this.showLag();
  }

  /** Adds a point each second, also when the consumer is quiet and sends no totals: the line is then flat. */
  tick(): void {
    const totals = this.fresh ? this.latest : undefined;
    this.fresh = false;
    const rate = totals?.ratePerSecond ?? 0;
    if (!totals) setText(byId("rate"), rateText(0));
    this.rate.add([rate]);
    this.lag.add([totals?.lagMs?.p50 ?? null, totals?.lagMs?.p99 ?? null]);
    this.rate.describe(`Rate over the last two minutes, now ${rateText(rate)} changes a second`);
  }

  private showLag(): void {
    const lag = this.latest?.lagMs;
    if (!lag) return;
    const { number, unit } = milliseconds(lag.p50);
    setText(byId("lag"), number);
    setText(byId("lag-unit"), unit);
    const text = `median · p99 ${duration(lag.p99)} · max ${duration(lag.max)}`;
    setText(byId("lag-note"), text);
    this.lag.describe(`Latency over the last two minutes, now ${number} ${unit} ${text}`);
  }
}

export function perOp(totals: TotalsJson): Record<Op, number> {
  const sums = Object.fromEntries(OPS.map((op) => [op, 0])) as Record<Op, number>;
  for (const counts of Object.values(totals.tables)) for (const op of OPS) sums[op] += counts[op] ?? 0;
  return sums;
}

function note({ deadLetters, duplicates }: TotalsJson): string {
  const again = duplicates.redelivered + duplicates.repeated;
  const parts = [
    ...(deadLetters > 0 ? [`${count(deadLetters)} in the dead-letter topic`] : []),
    ...(again > 0 ? [`${count(again)} delivered again`] : []),
  ];
  return parts.length > 0 ? parts.join(" · ") : "since the consumer started";
}

function rateText(rate: number | null | undefined): string {
  return count(Math.round(rate ?? 0));
}

function lagText([p50, p99]: Point): string {
  return p50 === null || p50 === undefined ? "none" : `${duration(p50)} · p99 ${duration(p99)}`;
}

function ago(seconds: number): string {
  return seconds === 0 ? "now" : `${seconds} s ago`;
}
