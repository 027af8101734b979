import { environment } from "./environment.mjs";
import { root } from "./paths.mjs";

/** Changes of the environment for a command that is started from here, with the CLI and the engine that the set-up found. */
export function environmentHere({ cli, engine }) {
  const { env, platform } = process;
  return environment({ env, platform, root, cli, dockerHost: engine.contextHost });
}
