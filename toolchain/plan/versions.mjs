// The wanted versions. Each is in one place: package.json for what the program uses, go.mod for what is built.

/**
 * The oldest CLI that is used. @pulumi/pulumi 3.276 speaks a protocol that older engines negotiate down. But the configuration of dynamic providers,
 * `deletedWith` and the typed config block of Pulumi.yaml are required. 3.200 has all of them, and is a year older than the SDK.
 */
export const OLDEST_PULUMI = "3.200.0";

/** The first Go that can fetch a newer toolchain itself (GOTOOLCHAIN). */
export const FIRST_SELF_UPDATING_GO = "1.21.0";

/** The CLI's official downloader: a package of a few lines that fetches the release when it first runs. */
export const CLI_DOWNLOADER = "pulumi@3.265.0";

/** The first x.y or x.y.z in a text such as "go version go1.26.8 linux/amd64"; undefined when there is none. */
export function versionIn(text) {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return found ? `${found[1]}.${found[2]}.${found[3] ?? 0}` : undefined;
}

/** Negative when `a` is older than `b`, zero when they are the same. Both are x.y.z. */
export function compareVersions(a, b) {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let i = 0; i < 3; i++) {
    if ((left[i] ?? 0) !== (right[i] ?? 0)) return (left[i] ?? 0) - (right[i] ?? 0);
  }
  return 0;
}

/**
 * The pins, from the texts of package.json and of the go.mod files of `toolchain/go`.
 *
 * @param {string} packageJson
 * @param {{ pulumi: string, "language-nodejs": string, providers: string }} goMods
 */
export function pinsFrom(packageJson, goMods) {
  const { engines, dependencies } = JSON.parse(packageJson);
  return {
    node: versionIn(engines.node),
    pulumi: required(goMods.pulumi, "github.com/pulumi/pulumi/pkg/v3"),
    languageHost: required(goMods["language-nodejs"], "github.com/pulumi/pulumi/sdk/v3"),
    plugins: { docker: dependencies["@pulumi/docker"], kafka: dependencies["@pulumi/kafka"] },
    go: Object.values(goMods).map(goDirective).sort(compareVersions).at(-1),
  };
}

function required(goMod, module) {
  const found = new RegExp(`^\\s*(?:require )?${module.replaceAll(".", "\\.")} v(\\S+)`, "m").exec(goMod);
  if (!found) throw new Error(`toolchain/go: no go.mod line pins ${module}.`);
  return found[1];
}

function goDirective(goMod) {
  return versionIn(/^go (\S+)/m.exec(goMod)?.[1] ?? "0.0");
}
