import type { Spread } from "../measures/instruments/statistics";
import { formatted } from "./format";

/** Pure: a median, with its range when there are several samples. */
export function spreadText(spread: (Spread & { samples: number }) | undefined): string {
  if (!spread) return "";
  const { median, min, max, samples } = spread;
  return samples === 1 ? formatted(median) : `${formatted(median)} (${formatted(min)}–${formatted(max)})`;
}
