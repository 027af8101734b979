/** Turns what Postgres prints for some types into the forms that docs/consumer.md names. Pure. */

/** `2026-02-03 04:05:06.5+00` is `2026-02-03T04:05:06.500000Z`. */
export function moment(text: string): string {
  const [, date, clock, fraction = "", era] = /^(\S+) (\d\d:\d\d:\d\d)(?:\.(\d+))?(?:\+00)?( BC)?$/.exec(text) ?? [];
  return date === undefined ? text : `${isoDay(date, era)}T${clock}.${fraction.padEnd(6, "0")}Z`;
}

/** `2026-02-03` is `2026-02-03Z`. */
export function day(text: string): string {
  const [, date, era] = /^(\d+-\d\d-\d\d)( BC)?$/.exec(text) ?? [];
  return date === undefined ? text : `${isoDay(date, era)}Z`;
}

/** In ISO 8601 the year before 1 is 0, and one of more than four digits has a sign. */
function isoDay(date: string, era: string | undefined): string {
  const [years, month, of] = date.split("-") as [string, string, string];
  const year = era === undefined ? Number(years) : 1 - Number(years);
  const sign = year < 0 ? "-" : year > 9999 ? "+" : "";
  return `${sign}${String(Math.abs(year)).padStart(4, "0")}-${month}-${of}`;
}

/** `1 year 2 mons 3 days 04:05:06.7` is `P1Y2M3DT4H5M6.7S`; a clock's sign is each of its parts'. */
export function isoDuration(text: string): string {
  const units: Record<string, string> = { year: "0", mon: "0", day: "0" };
  let [hours, minutes, seconds] = ["0", "0", "0"];
  const words = text.split(" ");
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const clock = /^([+-]?)(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(word);
    if (clock) {
      const signed = (digits: string) => {
        const plain = digits.replace(/^0+(?=\d)/, "");
        return clock[1] === "-" && !/^[0.]+$/.test(plain) ? `-${plain}` : plain;
      };
      [hours, minutes, seconds] = [signed(clock[2]!), signed(clock[3]!), signed(clock[4]!)];
      continue;
    }
    const unit = words[++at]?.replace(/s$/, "");
    if (!/^[+-]?\d+$/.test(word) || unit === undefined || !(unit in units)) return text;
    units[unit] = word.replace(/^\+/, "");
  }
  return `P${units["year"]}Y${units["mon"]}M${units["day"]}DT${hours}H${minutes}M${seconds}S`;
}

/** `(1,2)` */
export function point(text: string): [number, number] {
  const [x, y] = text.slice(1, -1).split(",");
  return [Number(x), Number(y)];
}

/** `"a"=>"1", "b"=>NULL` */
export function hstorePairs(text: string): [string, string | null][] {
  const quoted = /"((?:[^"\\]|\\.)*)"=>(?:NULL|"((?:[^"\\]|\\.)*)")/g;
  const plain = (escaped: string) => escaped.replace(/\\(.)/gs, "$1");
  return [...text.matchAll(quoted)].map(([, key, value]) => [plain(key!), value === undefined ? null : plain(value)]);
}
