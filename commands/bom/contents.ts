import {
  type Component,
  listedLibraries,
  mavenComponent,
  npmComponent,
  otherComponent,
  systemComponent,
} from "./component";

/**
 * The script that asks an image for its parts. Each answer is below its heading, and is empty for an image without such parts.
 *
 * Two parts are no installed packages, and have files that list them: the Java runtime, which is cut out of Debian's package, and the
 * packages from which the consumer's one file is bundled.
 */
export const QUESTIONS = `
echo '## os'; cat /etc/os-release
echo '## deb'; dpkg-query --show --showformat='\${Package}\\t\${Version}\\t\${Architecture}\\n' 2> /dev/null
echo '## apk'; sed -n 's/^[PVA]:/&/p' /lib/apk/db/installed 2> /dev/null
echo '## java'; cat /opt/java/release 2> /dev/null
echo '## maven'; cat /kafka/libraries.txt 2> /dev/null
echo '## jars'; find /kafka/libs /kafka/debezium -name '*.jar' -exec sha256sum {} + 2> /dev/null
echo '## npm'; cat /app/packages.txt 2> /dev/null
true`;

/** Pure: the parts of an image from its answers, in a fixed order. */
export function componentsIn(answers: string): Component[] {
  const parts = sections(answers);
  const lines = (name: string) => (parts.get(name) ?? "").split("\n").filter(Boolean);
  const os = { id: shellValue(lines("os"), "ID") ?? "linux", version: shellValue(lines("os"), "VERSION_ID") ?? "" };
  const java = shellValue(lines("java"), "JAVA_VERSION");
  const hashes = new Map(lines("jars").map((line) => [line.split("/").pop()!, line.split(" ")[0]!]));
  return [
    ...lines("deb").map((line) => {
      const [name = "", version = "", architecture = ""] = line.split("\t");
      return systemComponent("deb", os, { name, version, architecture });
    }),
    ...alpine(lines("apk")).map((each) => systemComponent("apk", os, each)),
    ...(java === undefined ? [] : [otherComponent("openjdk", java)]),
    ...listedLibraries(parts.get("maven") ?? "").map((line) => {
      const component = mavenComponent(line);
      const sha256 = hashes.get(`${component.name}-${component.version}.jar`);
      return { ...component, ...(sha256 !== undefined && { sha256 }) };
    }),
    ...lines("npm").map(npmComponent),
  ];
}

function sections(text: string): Map<string, string> {
  return new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf("\n")), part.slice(part.indexOf("\n") + 1)]),
  );
}

/** The value in `NAME="value"`. */
function shellValue(lines: string[], name: string): string | undefined {
  const line = lines.find((each) => each.startsWith(`${name}=`));
  return line?.slice(name.length + 1).replace(/^"|"$/g, "");
}

/** Alpine's database has a block for each package, with its name, version and architecture in this order. */
function alpine(lines: string[]): { name: string; version: string; architecture: string }[] {
  const found: { name: string; version: string; architecture: string }[] = [];
  let block: Record<string, string> = {};
  for (const line of lines) {
    block[line[0]!] = line.slice(2);
    const { P: name, V: version, A: architecture } = block;
    if (name === undefined || version === undefined || architecture === undefined) continue;
    found.push({ name, version, architecture });
    block = {};
  }
  return found;
}
