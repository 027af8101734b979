/**
 * Whether the docker command and Pulumi's plugin use the same engine. The docker command knows contexts (Docker Desktop, Colima,
 * rootless). The plugin knows `docker:host`, DOCKER_HOST and the default socket, and might make its half of the stack in another engine.
 */
import * as pulumi from "@pulumi/pulumi";
import { docker } from "../engine";

/** Where an engine listens by default. */
export function defaultHost(platform: NodeJS.Platform): string {
  return platform === "win32" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock";
}

/** @returns a sentence when the plugin would ask another engine than the docker command does */
export async function otherEngine(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const format = "{{.Name}}\t{{.Endpoints.docker.Host}}";
  // A docker command without contexts has one engine.
  const context = await docker(["context", "inspect", "--format", format], 20_000).catch(() => "");
  const [name = "", ours = ""] = context.split("\t");
  const plugins = pulumi.runtime.allConfig()["docker:host"] ?? (env["DOCKER_HOST"] || defaultHost(process.platform));
  if (ours === "" || ours === plugins) return undefined;
  // Two names of one engine: Docker Desktop puts a link in the default place.
  const [here, there] = await Promise.all([engineId(ours), engineId(plugins)]);
  if (here !== undefined && here === there) return undefined;
  return (
    `Docker's context "${name}" names the engine at ${ours}, and Pulumi's plugin for Docker, which knows no contexts, asks ` +
    `${plugins}${there === undefined ? ", where none answers" : ", which is another one"}. Tell it: \`export DOCKER_HOST=${ours}\`; ` +
    "or use `npm start` and `npm run pulumi -- up`, which do that by themselves."
  );
}

async function engineId(host: string): Promise<string | undefined> {
  return docker(["--host", host, "info", "--format", "{{.ID}}"], 5000).then(
    (id) => id || undefined,
    () => undefined,
  );
}

/** Pure: what to do about an engine that did not answer as it should. @param said the docker command's complaint */
export function engineRemedy(said: string, env: NodeJS.ProcessEnv): string {
  const version = env["DOCKER_API_VERSION"];
  if (version !== undefined && said.startsWith("Error response from daemon"))
    return `DOCKER_API_VERSION is ${version}: \`unset DOCKER_API_VERSION\`, and the docker command finds the version by itself.`;
  return "Start Docker, or `npm start`, which does it where it can.";
}
