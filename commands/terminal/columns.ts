/** Lays out a table: columns as wide as their widest cell, with two blanks between them. The first line is underlined. */
export function columns(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, at) => Math.max(...lines.map((line) => [...(line[at] ?? "")].length)));
  const text = lines.map((line) =>
    line
      .map((cell, at) => cell + " ".repeat(widths[at]! - [...cell].length))
      .join("  ")
      .trimEnd(),
  );
  const [head, ...rest] = text as [string, ...string[]];
  return [head, widths.map((width) => "-".repeat(width)).join("  "), ...rest].join("\n");
}
