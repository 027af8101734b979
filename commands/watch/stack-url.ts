import { execFile } from "node:child_process";
import { promisify } from "node:util";

const FALLBACK = "http://127.0.0.1:8088";

/** Address of the stack's consumer. */
export async function stackUrl(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("pulumi", ["stack", "output", "feedUrl"], { timeout: 20_000 });
    const url = stdout.trim().replace(/\/+$/, "");
    return URL.canParse(url) ? url : FALLBACK;
  } catch {
    // There is no stack or no Pulumi here. The consumer may run all the same.
    return FALLBACK;
  }
}
