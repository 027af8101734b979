import uPlot from "uplot";
import { byId } from "../dom";

/** Two minutes, a point each second. */
const SECONDS = 120;
/** A page that was just opened shows a shorter time, but at least so many seconds. */
const LEAST = 30;

export type Point = (number | null)[];

interface Line {
  /** A colour's custom property in page.css. */
  color: string;
  fill?: string;
  width: number;
}

/** A sparkline over the last two minutes. Colours come from the style sheet and follow its light and dark. */
export class Sparkline {
  private readonly host: HTMLElement;
  private readonly times: number[];
  private readonly columns: Point[];
  private plot: uPlot | undefined;
  private filled = 0;

  /** `onHover` gets the seconds ago and the values under the pointer, or nothing when it has left. */
  constructor(
    id: string,
    private readonly lines: Line[],
    private readonly onHover: (at: { ago: number; values: Point } | undefined) => void,
  ) {
    this.host = byId(id);
    this.times = Array.from({ length: SECONDS }, (_, i) => i - SECONDS + 1);
    this.columns = lines.map(() => new Array<number | null>(SECONDS).fill(null));
    new ResizeObserver(() => this.resize()).observe(this.host);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  add(point: Point): void {
    this.filled++;
    this.columns.forEach((column, i) => {
      column.shift();
      column.push(point[i] ?? null);
    });
    if (document.visibilityState === "visible") this.plot?.setData(this.data);
  }

  describe(text: string): void {
    this.host.setAttribute("aria-label", text);
  }

  private get data(): uPlot.AlignedData {
    return [this.times, ...this.columns];
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (width === 0 || height === 0) return;
    if (this.plot) this.plot.setSize({ width, height });
    else this.draw();
  }

  private draw(): void {
    this.plot?.destroy();
    const style = getComputedStyle(this.host);
    const color = (name: string): string => style.getPropertyValue(name).trim();
    this.plot = new uPlot(
      {
        width: this.host.clientWidth,
        height: this.host.clientHeight,
        padding: [4, 0, 2, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, sync: { key: "two minutes" }, points: { size: 6 } },
        scales: {
          x: { time: false, range: () => [-Math.min(SECONDS - 1, Math.max(LEAST, this.filled - 1)), 0] },
          // The axis begins at zero, and its range is never so small that noise looks like a peak.
          y: { range: (_, __, max) => [0, Math.max(1, max ?? 1) * 1.08] },
        },
        axes: [{ show: false }, { show: false }],
        series: [
          {},
          ...this.lines.map((line) => ({
            stroke: color(line.color),
            width: line.width,
            points: { show: false },
            spanGaps: true,
            ...(line.fill && { fill: color(line.fill) }),
          })),
        ],
        hooks: { setCursor: [(plot) => this.hover(plot)] },
      },
      this.data,
      this.host,
    );
  }

  private hover({ cursor }: uPlot): void {
    const at = cursor.idx;
    const inside = at !== null && at !== undefined && (cursor.left ?? -1) >= 0;
    this.onHover(
      inside ? { ago: SECONDS - 1 - at, values: this.columns.map((column) => column[at] ?? null) } : undefined,
    );
  }
}
