import { followedRows } from "./followed-keys";
import { type Setting, SETTINGS } from "./setting-list";

const LIST: [string, Setting][] = Object.entries(SETTINGS);

/**
 * Pure: `Pulumi.yaml`'s `config`, from its first key to the file's end. Numbers and truths are declared as texts: of another type the CLI
 * would say "must be of type 'integer'" and no more. The program says what is allowed.
 */
export function declaredConfig(): string {
  return LIST.filter(([, { description }]) => description !== undefined)
    .map(([key, { default: value, description }]) =>
      [`  ${key}:`, "    type: string", `    default: ${yaml(value)}`, `    description: ${description}`, ""].join(
        "\n",
      ),
    )
    .join("");
}

/** A text in YAML. One that would be a number or a truth is in quotes. */
function yaml(value: Setting["default"]): string {
  return typeof value === "string" && value !== "" ? value : JSON.stringify(String(value));
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
