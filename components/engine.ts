import { execFile, type ExecFileException } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Asks the Docker engine by its own client, which uses contexts and DOCKER_HOST as the person has set them.
 *
 * @param timeoutMs how long it may take in milliseconds; 0: as long as it likes
 * @returns the output, without the last line break
 * @throws an Error with the first line of the client's error output as its message; without a client, with `code: "ENOENT"`
 */
export async function docker(args: string[], timeoutMs = 0): Promise<string> {
  try {
    const { stdout } = await run("docker", args, { timeout: timeoutMs, maxBuffer: 1 << 26 });
    return stdout.trim();
  } catch (cause) {
    const { code, stderr = "", message, killed } = cause as ExecFileException;
    // A client that was ended because of its time has printed nothing, and its command line would explain nothing.
    const late = killed === true && timeoutMs > 0 ? `no answer within ${timeoutMs / 1000} s` : undefined;
    const seen = code === "ENOENT" ? "there is no docker command on PATH" : (late ?? (stderr.trim() || message));
    throw Object.assign(new Error(seen.split("\n")[0], { cause }), { code });
  }
}
