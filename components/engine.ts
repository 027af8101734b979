import { execFile, type ExecFileException } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Asks the Docker engine through its own client, which knows contexts and DOCKER_HOST as the person set them.
 *
 * @param timeoutMs how long it may take in milliseconds; 0: as long as it likes
 * @returns what it printed, without the last line break
 * @throws an Error with the client's first line of complaint as its message, and `code: "ENOENT"` without a client
 */
export async function docker(args: string[], timeoutMs = 0): Promise<string> {
  try {
    const { stdout } = await run("docker", args, { timeout: timeoutMs, maxBuffer: 1 << 26 });
    return stdout.trim();
  } catch (cause) {
    const { code, stderr = "", message, killed } = cause as ExecFileException;
    // A client that was ended for its time has said nothing, and its command line explains nothing.
    const late = killed === true && timeoutMs > 0 ? `no answer within ${timeoutMs / 1000} s` : undefined;
    const seen = code === "ENOENT" ? "there is no docker command on PATH" : (late ?? (stderr.trim() || message));
    throw Object.assign(new Error(seen.split("\n")[0], { cause }), { code });
  }
}
