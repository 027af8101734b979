/** The sum of all samples of a metric that have these labels. @param text the answer of `/metrics` */
export function metricIn(text: string, name: string, labels: Record<string, string> = {}): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const samples = text
    .split("\n")
    .filter((line) => /^[^ {]+/.exec(line)?.[0] === name && wanted.every((label) => line.includes(label)));
  return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}
