import { posix, win32 } from "node:path";

/**
 * The folder for what outlives a checkout: `CDC_CACHE_DIR`, or the operating system's folder for caches.
 *
 * @param {NodeJS.Platform} platform
 * @param {Record<string, string | undefined>} env
 * @param {string} home
 */
export function cacheFolder(platform, env, home) {
  const path = platform === "win32" ? win32 : posix;
  if (env.CDC_CACHE_DIR) return path.resolve(env.CDC_CACHE_DIR);
  if (platform === "win32") return path.join(env.LOCALAPPDATA || path.join(home, "AppData", "Local"), "cdc");
  if (env.XDG_CACHE_HOME) return path.join(env.XDG_CACHE_HOME, "cdc");
  if (platform === "darwin") return path.join(home, "Library", "Caches", "cdc");
  return path.join(home, ".cache", "cdc");
}
