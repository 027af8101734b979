// Decides what is missing and how to make it. Pure: facts and pins are its input, plain data its result.
import { shownBackend } from "../../program/state-folder.cjs";
import { compareVersions, FIRST_SELF_UPDATING_GO, OLDEST_PULUMI } from "./versions.mjs";

/** Gigabytes of disk that the images take while they are built; and those that a running stack should have when the images exist. */
const ROOM_TO_BUILD_IMAGES = 4;
const ROOM_TO_RUN = 1;

/** Name of the stack in a fresh clone. */
export const FIRST_STACK = "dev";

/**
 * The steps that are missing. `ways` are tried one after the other; a step without ways cannot be made on
 * this machine: `problem` and `remedy` say why and what the person can do.
 *
 * @returns {{ id: string, ways: string[], problem?: string, remedy?: string }[]}
 */
export function plan(facts, pins) {
  return [
    disk(facts),
    engine(facts),
    baseImage(facts),
    cli(facts, pins),
    ...Object.keys(pins.plugins).map((name) => plugin(name, facts, pins)),
    facts.packages
      ? undefined
      : { id: "packages", ways: ["npm"], remedy: "see the log; `npm ci` must work in this folder." },
    facts.certificates
      ? undefined
      : { id: "certificates", ways: ["copy"], remedy: "make images/kafka/certs writable." },
    facts.cli && facts.stack ? undefined : stack(facts),
  ].filter(Boolean);
}

/** The steps after which a step may begin. Plugins are built one after the other: two builds at once would both compile what they share. */
const AFTER = {
  "base-image": ["engine"],
  "plugin-docker": ["cli"],
  "plugin-kafka": ["cli", "plugin-docker"],
  stack: ["cli"],
};

/** Those missing steps that can begin while others are at work. Engine, CLI and packages do not depend on each other. */
export function canBegin(missing, atWork) {
  const open = new Set([...atWork, ...missing.map(({ id }) => id)]);
  return missing.filter(({ id }) => !(AFTER[id] ?? []).some((needed) => open.has(needed)));
}

/** The user's own CLI when it is good enough, else one that an earlier set-up built or downloaded. */
export function chooseCli({ path, built, downloaded }, platform) {
  // On Windows, package managers put the launchers, which are .cmd files, in various places. A release is complete anyway.
  const good = (cli) =>
    cli?.version && compareVersions(cli.version, OLDEST_PULUMI) >= 0 && (cli.complete || platform === "win32");
  if (good(path)) return { ...path, origin: "path" };
  if (good(downloaded)) return { ...downloaded, origin: "downloaded" };
  if (good(built)) return { ...built, origin: "built" };
  return undefined;
}

/** How to get a Go that can build the modules: it can already, or it fetches a newer one itself, or that is fetched as a module. */
export function goWay(version, wanted) {
  if (!version) return "install";
  if (compareVersions(version, wanted) >= 0) return "use";
  return compareVersions(version, FIRST_SELF_UPDATING_GO) >= 0 ? "self-update" : "fetch-module";
}

/** The line for a machine that has everything. */
export function readyText(facts, pins) {
  const plugins = Object.entries(pins.plugins).map(([name, version]) => `${name} ${version}`);
  return `Ready: docker ${facts.engine.version.replace(/[+].*/, "")}, pulumi ${facts.cli.version}, plugins ${plugins.join(" ")}, stack ${facts.stack}`;
}

/** Checked before all else, because the other checks need a newer Node. */
export function nodeTooOld(version, pins) {
  if (compareVersions(version, pins.node) >= 0) return undefined;
  return {
    problem: `Node ${version} is too old: package.json ("engines") asks for ${pins.node} or newer.`,
    remedy: "install a newer Node.js, and see that `node --version` says so.",
  };
}

function disk(facts) {
  const needed = facts.baseImage ? ROOM_TO_RUN : ROOM_TO_BUILD_IMAGES;
  if (facts.disk.gigabytes >= needed) return undefined;
  return {
    id: "disk",
    ways: [],
    problem: `The container images need ${needed} GB, and ${facts.disk.gigabytes.toFixed(1)} GB are free in ${facts.disk.folder}.`,
    // Not `docker system prune`: that takes stopped containers with it, the stack's own too.
    remedy:
      "free some space; `docker builder prune` and `docker image prune` remove what no image and no container uses.",
  };
}

function engine(facts) {
  if (facts.engine.version) return undefined;
  const id = "engine";
  const { hostSetting, contextHost, contextName, apiVersion, says, installed } = facts.engine;
  if (apiVersion && says.startsWith("Error response from daemon")) {
    const problem = `The Docker engine runs, and refuses the version that DOCKER_API_VERSION names (${apiVersion}): ${says}`;
    return {
      id,
      ways: [],
      problem,
      remedy: "`unset DOCKER_API_VERSION`: the docker command finds the version by itself.",
    };
  }
  // The command has not asked any engine yet. Starting another engine would not help, since it is not the one that is meant.
  if (/unable to resolve docker endpoint/.test(says)) return unclearEngine(id, facts.engine);
  if (hostSetting) {
    const problem = `The Docker engine that DOCKER_HOST names (${hostSetting}) does not answer: ${says}`;
    return { id, ways: [], problem, remedy: "start that engine, or unset DOCKER_HOST to use the one of this machine." };
  }
  if (contextHost) {
    const problem = `The Docker engine of the context "${contextName}" (${contextHost}) does not answer: ${says}`;
    return { id, ways: [], problem, remedy: "start that engine, or choose another with `docker context use`." };
  }
  if (facts.root && facts.debian) {
    return { id, ways: ["start"], remedy: "read what dockerd says in its log; `dockerd` needs root and iptables." };
  }
  if (/permission denied/i.test(says)) {
    const problem = "The Docker engine runs, and this user may not use it (permission denied on its socket).";
    return { id, ways: [], problem, remedy: 'run `sudo usermod -aG docker "$USER"`, then log out and in again.' };
  }
  const problem = installed ? "The Docker engine does not run." : "Docker is not installed.";
  return { id, ways: [], problem, remedy: engineRemedy(facts.platform, installed, facts.debian) };
}

function unclearEngine(id, { choosing, says }) {
  const named = choosing.length > 0;
  return {
    id,
    ways: [],
    problem: `The docker command cannot tell which engine is meant${named ? `, by ${choosing.join(", ")}` : ""}: ${says}`,
    remedy: named
      ? `\`unset ${choosing.join(" ")}\` for the engine of this machine, or mend what is named there.`
      : "`docker context use default` for the engine of this machine; `docker context ls` shows the others.",
  };
}

function engineRemedy(platform, installed, debian) {
  if (platform !== "linux")
    return `${installed ? "start" : "install and start"} Docker Desktop, wait until it says that it runs, and run this again.`;
  if (installed) return "start it: `sudo systemctl start docker`.";
  return debian
    ? "install it: `sudo apt-get install docker.io`."
    : "install it with your package manager or from docs.docker.com/engine/install.";
}

function baseImage(facts) {
  if (facts.baseImage) return undefined;
  // A tarball exists because an earlier pull failed. Another pull would only take until its time limit.
  const ways = facts.baseTarball ? ["import"] : facts.root && facts.debian ? ["pull", "debootstrap"] : ["pull"];
  return {
    id: "base-image",
    ways,
    remedy: "see that `docker pull debian:trixie-slim` works, or load that image with `docker load`.",
  };
}

/** The ways to a newer base, in the order in which they are tried. A tarball exists because an earlier pull failed. */
export function renewals(facts) {
  const make = facts.root && facts.debian ? ["debootstrap"] : [];
  return facts.baseTarball && make.length > 0 ? make : ["pull", ...make];
}

function cli(facts, pins) {
  if (facts.cli) return undefined;
  const why = facts.oldCli
    ? `the one on PATH, ${facts.oldCli}, is older than ${OLDEST_PULUMI} or lacks its Node.js host`
    : "none is on PATH";
  return {
    id: "cli",
    ways: ["download", ...buildWays(facts)],
    remedy: `install the Pulumi CLI ${OLDEST_PULUMI} or newer (pulumi.com/docs/install; ${why})${orGo(facts, pins)}.`,
  };
}

function plugin(name, facts, pins) {
  if (facts.plugins[name] === "current") return undefined;
  const version = pins.plugins[name];
  // When the CLI had to be built, or a plugin, releases cannot be downloaded.
  const unreachable = facts.cli?.origin === "built" || facts.plugins[name] === "outdated";
  return {
    id: `plugin-${name}`,
    ways: unreachable && buildWays(facts).length > 0 ? ["build"] : ["download", ...buildWays(facts)],
    remedy: `see that \`pulumi plugin install resource ${name} ${version}\` works${orGo(facts, pins)}.`,
  };
}

/** Whether these are the CLI's words where no stack is selected, or none has the name that PULUMI_STACK gives. Any other failure says nothing of that. */
export function saysNoStack(says) {
  return /no stack (selected|named)/.test(says);
}

function stack({ cli, namedStack, stackSays, stacks, backend }) {
  const id = "stack";
  const remedy = "see the log; with PULUMI_BACKEND_URL set, that backend must be reachable.";
  if (!cli) return { id, ways: [namedStack ? "init" : "create"], remedy };
  const refused = (problem, remedy) => ({ id, ways: [], problem, remedy });
  // For a word without `://` the CLI wants an access token, as if it were the address of Pulumi's service.
  if (backend && /PULUMI_ACCESS_TOKEN|unable to open|could not connect|log ?in/i.test(stackSays))
    return refused(
      `PULUMI_BACKEND_URL is "${shownBackend(backend)}", and the CLI has no state from there: ${stackSays}`,
      "`unset PULUMI_BACKEND_URL` for the state in this folder. A folder of your own is named `file:///…`, and has to be there; other " +
        "backends begin with https://, s3://, gs:// or azblob://, and ask for a login of theirs.",
    );
  // Otherwise the command would bring up, or remove, another stack than the one that is meant.
  if (namedStack && !namedStack.hasSettings && namedStack.name !== FIRST_STACK)
    return refused(
      `PULUMI_STACK names the stack "${namedStack.name}", which cannot be had: ${stackSays}`,
      `\`unset PULUMI_STACK\` for the one that is selected; \`PULUMI_STACK= npm run pulumi -- stack init ${namedStack.name}\` makes it.`,
    );
  if (!saysNoStack(stackSays) || (!namedStack && stacks === undefined))
    return refused(
      `The Pulumi CLI does not say which stack is meant: ${stackSays}`,
      "run it again; where this stays, `npm run pulumi -- stack ls` says what the CLI lacks. Nothing was changed.",
    );
  if (namedStack) return { id, ways: ["init"], remedy };
  // A checkout that was moved, or another HOME or PULUMI_HOME: the CLI keeps there which stack is selected.
  if (stacks.length > 1)
    return refused(
      `No stack is selected, and there are several: ${stacks.join(", ")}.`,
      "`npm run pulumi -- stack select NAME`, or PULUMI_STACK=NAME before the command. Nothing was changed.",
    );
  return { id, ways: [stacks.length === 0 ? "create" : "select"], remedy };
}

function buildWays(facts) {
  return facts.go || (facts.root && facts.debian) ? ["build"] : [];
}

function orGo(facts, pins) {
  return buildWays(facts).length > 0 ? "" : `; or install Go ${pins.go} or newer, so that it can be built`;
}
