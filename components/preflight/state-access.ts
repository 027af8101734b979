import { chmodSync } from "node:fs";

/**
 * Keeps other users of this machine out of the project's own state: with the default passphrase, anybody who can read its files can read its secrets.
 * A folder that somebody else made, or that is not this project's, stays as it is.
 */
export function closeState(folder = ".state"): void {
  try {
    chmodSync(folder, 0o700);
  } catch {
    // The folder is missing or another user's: the state is elsewhere.
  }
}
