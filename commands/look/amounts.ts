import { count } from "../../consumer/page/text";

/** `17 s`, `26 min`, `5 h`, `3 days`: the largest unit that is not below one. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 2 * 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

/** `392 bytes`, `1.5 MB`: units of 1024. */
export function binaryBytes(n: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const unit = Math.min(Math.floor(Math.log2(Math.max(1, Math.abs(n))) / 10), units.length - 1);
  const value = n / 1024 ** unit;
  return `${unit === 0 || value >= 10 ? Math.round(value) : Math.round(value * 10) / 10} ${units[unit]}`;
}

/** `1 record`, `2 records`. */
export function counted(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}
