/**
 * A strict reader of Prometheus' text format, version 0.0.4, with those rules of `promtool check metrics` that matter here. @throws an error that
 * names the line
 */
export interface Family {
  type: string;
  help: string;
  samples: { name: string; labels: { [name: string]: string }; value: number }[];
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? ([^ ]+)$`);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(,|$)/y;

export function readExposition(text: string): Map<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let current: { name: string; family: Family } | undefined;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const about = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`).exec(line);
    if (about) {
      const [, word, name, rest] = about as unknown as [string, string, string, string];
      if (word === "HELP") {
        if (families.has(name)) throw new Error(`a second ${name}: ${line}`);
        current = { name, family: { type: "", help: rest, samples: [] } };
        families.set(name, current.family);
      } else {
        if (current?.name !== name || current.family.samples.length > 0) throw new Error(`TYPE out of place: ${line}`);
        if (!/^(counter|gauge|histogram|summary|untyped)$/.test(rest)) throw new Error(`unknown type: ${line}`);
        current.family.type = rest;
      }
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (!sample) throw new Error(`neither comment nor sample: ${line}`);
    const [, name, labelText = "", value] = sample as unknown as [string, string, string | undefined, string];
    if (!current || !belongs(name, current.name, current.family.type)) throw new Error(`of no family: ${line}`);
    const labels = readLabels(labelText, line);
    const number = /^[+-]?Inf$/.test(value) ? Infinity : Number(value);
    if (Number.isNaN(number) && value !== "NaN") throw new Error(`no number: ${line}`);
    const series = `${name}{${Object.entries(labels).sort().join()}}`;
    if (seen.has(series)) throw new Error(`twice the same series: ${line}`);
    seen.add(series);
    current.family.samples.push({ name, labels, value: number });
  }
  for (const [name, family] of families) check(name, family);
  return families;
}

function belongs(sample: string, family: string, type: string): boolean {
  const suffixes =
    type === "histogram" ? ["_bucket", "_sum", "_count"] : type === "summary" ? ["", "_sum", "_count"] : [""];
  return suffixes.some((suffix) => sample === family + suffix);
}

function readLabels(text: string, line: string): { [name: string]: string } {
  const labels: { [name: string]: string } = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const label = LABEL.exec(text);
    if (!label) throw new Error(`bad labels: ${line}`);
    if (label[1]! in labels) throw new Error(`twice the same label: ${line}`);
    labels[label[1]!] = label[2]!;
  }
  return labels;
}

/** Checks rules of promtool beyond the syntax. */
function check(name: string, { type, help, samples }: Family): void {
  if (type === "") throw new Error(`${name} has no type`);
  if (help.trim() === "") throw new Error(`${name} has no help`);
  if (type === "counter" && !name.endsWith("_total")) throw new Error(`counter ${name} does not end in _total`);
  if (type !== "counter" && name.endsWith("_total")) throw new Error(`${type} ${name} ends in _total`);
  if (/_(milliseconds|ms|minutes|kilobytes|mb)(_|$)/.test(name)) throw new Error(`${name} is not in base units`);
  if (type !== "histogram") return;
  const withoutLe = ({ le: _le, ...labels }: { [name: string]: string }) => JSON.stringify(labels);
  const buckets = samples.filter((sample) => sample.name.endsWith("_bucket"));
  for (const count of samples.filter((sample) => sample.name.endsWith("_count"))) {
    const own = buckets.filter((bucket) => withoutLe(bucket.labels) === JSON.stringify(count.labels));
    if (own[own.length - 1]?.labels["le"] !== "+Inf") throw new Error(`${name} has no +Inf bucket`);
    if (own[own.length - 1]!.value !== count.value) throw new Error(`${name}: +Inf bucket and count differ`);
    if (own.some((bucket, i) => i > 0 && bucket.value < own[i - 1]!.value))
      throw new Error(`${name} is not cumulative`);
  }
}
