import { environment } from "./environment.mjs";
import { root } from "./paths.mjs";

/** What a command started from here needs to have changed, with the CLI and the engine that the set-up found. */
export function environmentHere({ cli, engine }) {
  const { env, platform } = process;
  return environment({ env, platform, root, cli, dockerHost: engine.contextHost });
}
