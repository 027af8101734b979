/**
 * A Java properties file, one `key=value` a line, in the order given. It is the whole configuration of a process.
 *
 * @throws when a value holds a line break, which would start another key
 */
export function properties(title: string, values: Record<string, string | number | boolean>): string {
  const lines = Object.entries(values).map(([key, value]) => {
    if (/[\r\n]/.test(String(value))) throw new Error(`${title}: the value of ${key} holds a line break`);
    return `${key}=${String(value).replaceAll("\\", "\\\\")}`;
  });
  return [
    `# ${title}. Made by the Pulumi program: an edit here is undone by the next \`pulumi up\`.`,
    ...lines,
    "",
  ].join("\n");
}
