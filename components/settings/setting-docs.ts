import { followedRows } from "./followed-keys";
import { type Setting, SETTINGS } from "./setting-list";

const LIST: [string, Setting][] = Object.entries(SETTINGS);

/** Pure: `Pulumi.yaml`'s `config`, from its first key to the file's end. */
export function declaredConfig(): string {
  return LIST.filter(([, { description }]) => description !== undefined)
    .map(([key, { type, default: value, description }]) =>
      [`  ${key}:`, `    type: ${type}`, `    default: ${yaml(value)}`, `    description: ${description}`, ""].join(
        "\n",
      ),
    )
    .join("");
}

function yaml(value: Setting["default"]): string {
  return value === "" ? '""' : String(value);
}

/** Pure: the table of docs/configuration.md, aligned as prettier does. */
export function settingsTable(): string {
  const rows = [
    ["key", "default", "what"],
    ...LIST.flatMap(([key, { default: value, shown, details }]) =>
      details === undefined ? [] : [[`\`${key}\``, shown ?? String(value), details]],
    ),
  ];
  return table(rows);
}

/** Pure: the table of docs/configuration.md about keys of `connectorConfig` that are refused. */
export function followedTable(): string {
  return table(followedRows());
}

function table(rows: string[][]): string {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  const line = (cells: string[]): string => `| ${cells.join(" | ")} |\n`;
  const padded = rows.map((row) => line(row.map((cell, at) => cell.padEnd(widths[at]!))));
  return [padded[0], line(widths.map((width) => "-".repeat(width))), ...padded.slice(1)].join("");
}
