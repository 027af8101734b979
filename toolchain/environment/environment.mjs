import { posix, win32 } from "node:path";

/**
 * What a command of this project needs to have changed in its environment, as a few variables. What the user has set wins.
 *
 * @param {{ env: NodeJS.ProcessEnv, platform: NodeJS.Platform, root: string,
 *   cli?: { folder: string, origin: "path" | "built" | "downloaded" }, dockerHost?: string }} machine
 * @returns {Record<string, string>}
 */
export function environment({ env, platform, root, cli, dockerHost }) {
  const path = platform === "win32" ? win32 : posix;
  const changes = {};
  const pathName = pathNameIn(env);
  const folders = (env[pathName] ?? "").split(path.delimiter).filter(Boolean);
  const ours = [...(cli && cli.origin !== "path" ? [cli.folder] : []), path.join(root, "node_modules", ".bin")];
  changes[pathName] = [...ours, ...folders.filter((folder) => !ours.includes(folder))].join(path.delimiter);

  // An empty passphrase keeps a laptop's stack free of questions; its secrets are then encrypted in name only.
  if (env.PULUMI_CONFIG_PASSPHRASE === undefined && env.PULUMI_CONFIG_PASSPHRASE_FILE === undefined) {
    changes.PULUMI_CONFIG_PASSPHRASE = "";
  }
  changes.PULUMI_SKIP_UPDATE_CHECK = env.PULUMI_SKIP_UPDATE_CHECK ?? "true";
  // The CLI and the providers live for seconds: collecting less often takes 0.2 s off each command.
  changes.GOGC = env.GOGC ?? "400";
  // A topic's provider looks at the new topic a second later. Pulumi's default, four resources at once for each core, would make many tables wait.
  changes.PULUMI_PARALLEL = env.PULUMI_PARALLEL ?? "64";
  // A CLI that had to be built is on a machine where plugin downloads only cost time.
  if (cli?.origin === "built") {
    changes.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION = env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION ?? "true";
  }
  // Pulumi's programs and the CLI talk over this machine's own ports, and their gRPC for Node would go to the proxy for these as well.
  if (env.grpc_proxy || env.https_proxy || env.http_proxy)
    changes.no_grpc_proxy = [
      ...new Set([...(env.no_grpc_proxy ?? "").split(",").filter(Boolean), "127.0.0.1", "localhost"]),
    ].join(",");
  if (dockerHost && !env.DOCKER_HOST) changes.DOCKER_HOST = dockerHost;
  return changes;
}

/** The search path; on Windows the variable may be spelled `Path`. */
export function pathOf(env) {
  return env[pathNameIn(env)] ?? "";
}

function pathNameIn(env) {
  return Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
}

/** The same as lines for a shell to evaluate: `eval "$(npm run -s env)"`, or in PowerShell `… | Invoke-Expression`. */
export function shellLines(changes, platform) {
  return Object.entries(changes).map(([name, value]) =>
    platform === "win32"
      ? `$env:${name} = '${value.replaceAll("'", "''")}'`
      : `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  );
}

/**
 * The environment with one more file that every Node process loads first. Not for a person's shell: Node does not start
 * where the file is gone.
 */
export function preloading(file, env) {
  const option = `--require "${file.replaceAll(/[\\"]/g, "\\$&")}"`;
  const { NODE_OPTIONS = "" } = env;
  // A command of the project that one of its commands runs.
  if (NODE_OPTIONS.includes(option)) return env;
  return { ...env, NODE_OPTIONS: `${NODE_OPTIONS} ${option}`.trim() };
}
