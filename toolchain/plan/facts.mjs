// Looks at the machine. It changes nothing and decides nothing: plan.mjs does.
import { existsSync, readFileSync } from "node:fs";
import fs from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { BASE_IMAGE, baseTarball } from "./base-image.mjs";
import { builtCli, builtPlugin } from "../compile/builds.mjs";
import { certificatesDiffer } from "../../program/certificates.cjs";
import { capture, isExecutable, which } from "../programs/command.mjs";
import { environment, pathOf } from "../environment/environment.mjs";
import { packagesAreCurrent } from "./packages.mjs";
import { chooseCli, saysNoStack } from "./plan.mjs";
import { versionIn } from "./versions.mjs";

/**
 * Finds out what this machine has. All programs are asked at the same time, so a ready laptop waits only for the slowest.
 *
 * @param {{ root: string, cache: string, pulumiHome: string, env: NodeJS.ProcessEnv, pins: object }} place
 */
export async function lookAround(place) {
  const { root, cache, env, pins } = place;
  const [engine, baseImage, cli, go] = await Promise.all([
    lookAtEngine(env),
    capture("docker", ["image", "inspect", "--format", "{{.Id}}", BASE_IMAGE], { env }),
    lookAtClis(place),
    lookAtGo(env),
  ]);
  return {
    platform: process.platform,
    root: process.getuid?.() === 0,
    debian: isDebian(),
    engine,
    disk: await freeDisk(engine.folder),
    baseImage: baseImage.code === 0,
    baseTarball: existsSync(baseTarball(cache)),
    go,
    ...cli,
    plugins: Object.fromEntries(Object.keys(pins.plugins).map((name) => [name, pluginState(name, place)])),
    packages: packagesAreCurrent(root),
    certificates: !certificatesDiffer(root, env),
  };
}

/** Variables by which the docker command finds an engine and the keys to it. */
const CHOOSING = ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_CONFIG"];

async function lookAtEngine(env) {
  const [version, context, info] = await Promise.all([
    capture("docker", ["version", "--format", "{{.Server.Version}}"], { env }),
    capture("docker", ["context", "inspect", "--format", "{{.Name}} {{.Endpoints.docker.Host}}"], { env }),
    process.platform === "linux" ? capture("docker", ["info", "--format", "{{.DockerRootDir}}"], { env }) : undefined,
  ]);
  const [contextName, contextHost] = context.code === 0 ? context.stdout.split(" ") : [];
  return {
    installed: version.code !== undefined || Boolean(which("docker", pathOf(env))),
    version: version.code === 0 ? version.stdout : undefined,
    says: version.stderr.split("\n")[0],
    hostSetting: env.DOCKER_HOST || undefined,
    apiVersion: env.DOCKER_API_VERSION || undefined,
    choosing: CHOOSING.filter((name) => env[name]),
    contextName,
    // The provider reads only DOCKER_HOST, not the context that the CLI uses (Docker Desktop, Colima, rootless).
    contextHost: contextName === "default" ? undefined : contextHost,
    // Elsewhere the engine is in a machine of its own, whose disk is a file in the person's folder.
    folder: process.platform === "linux" ? (info.code === 0 && info.stdout) || "/var/lib/docker" : homedir(),
  };
}

async function lookAtClis(place) {
  const { cache, pulumiHome, env, root, pins } = place;
  const [onPath, downloaded] = await Promise.all([
    lookAtCli(which("pulumi", pathWithoutCache(pathOf(env), cache)), env),
    lookAtCli(
      join(pulumiHome, "versions", pins.pulumi, "bin", process.platform === "win32" ? "pulumi.exe" : "pulumi"),
      env,
    ),
  ]);
  const candidates = { path: onPath, built: builtCli(place), downloaded };
  const cli = chooseCli(candidates, process.platform);
  const named = env.PULUMI_STACK;
  return {
    cli,
    oldCli: onPath?.version,
    ...(cli && (await selectedStack(cli, place, env))),
    backend: env.PULUMI_BACKEND_URL || undefined,
    namedStack: named
      ? { name: named, hasSettings: existsSync(join(root, `Pulumi.${named.split("/").pop()}.yaml`)) }
      : undefined,
  };
}

async function lookAtCli(file, env) {
  if (!file || !isExecutable(file)) return undefined;
  const folder = dirname(file);
  const beside = (name) => isExecutable(join(folder, name)) || Boolean(which(name, pathOf(env)));
  const { stdout } = await capture(file, ["version"], { env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" } });
  return {
    folder,
    version: versionIn(stdout),
    complete: beside("pulumi-language-nodejs") && beside("pulumi-resource-pulumi-nodejs"),
  };
}

/** The PATH without the cache. A shell that has run `npm run env` has the cache's CLI on its PATH, and that is not the user's own. */
function pathWithoutCache(path, cache) {
  return path
    .split(delimiter)
    .filter((folder) => !folder.startsWith(cache))
    .join(delimiter);
}

async function selectedStack(cli, { root }, env) {
  const changes = environment({ env, platform: process.platform, root, cli });
  const args = ["stack", "--show-name", "--non-interactive"];
  const ask = (args) => capture(join(cli.folder, "pulumi"), args, { cwd: root, env: { ...env, ...changes } });
  const said = await ask(args);
  if (said.code === 0) return { stack: said.stdout };
  const stackSays = said.stderr.split("\n")[0];
  return { stackSays, ...(saysNoStack(stackSays) && { stacks: stackNames(await ask(["stack", "ls", "--json"])) }) };
}

/** Names of the project's stacks in the backend; undefined: the CLI does not say. */
function stackNames({ code, stdout }) {
  try {
    return code === 0 ? JSON.parse(stdout).map(({ name }) => name) : undefined;
  } catch {
    return undefined;
  }
}

/** "current", "outdated" (built by us from other sources) or "missing". */
function pluginState(name, place) {
  const folder = join(place.pulumiHome, "plugins", `resource-${name}-v${place.pins.plugins[name]}`);
  if (!existsSync(folder) || existsSync(`${folder}.partial`)) return "missing";
  const stamp = join(folder, "built-from");
  if (!existsSync(stamp)) return "current";
  return readFileSync(stamp, "utf8") === builtPlugin(name, place).key ? "current" : "outdated";
}

async function lookAtGo(env) {
  const { code, stdout } = await capture("go", ["version"], { env: { ...env, GOTOOLCHAIN: "local" } });
  return code === 0 ? versionIn(stdout) : undefined;
}

async function freeDisk(folder) {
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = await fs.statfs(folder);
  return { folder, gigabytes: (bavail * bsize) / 1e9 };
}

function isDebian() {
  try {
    return /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false;
  }
}
