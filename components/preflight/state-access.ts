import { chmodSync } from "node:fs";

/**
 * Keeps other users of this machine out of the project's own state: with the default passphrase whoever can read its files can read
 * its secrets. A folder that somebody else made, or that is none of this project's, is left as it is.
 */
export function closeState(folder = ".state"): void {
  try {
    chmodSync(folder, 0o700);
  } catch {
    // Without it the state is elsewhere, or another user's.
  }
}
