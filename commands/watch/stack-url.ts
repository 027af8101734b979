import { execFile } from "node:child_process";
import { promisify } from "node:util";

const FALLBACK = "http://127.0.0.1:8088";

/** Where the stack's consumer is. */
export async function stackUrl(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("pulumi", ["stack", "output", "feedUrl"], { timeout: 20_000 });
    const url = stdout.trim().replace(/\/+$/, "");
    return URL.canParse(url) ? url : FALLBACK;
  } catch {
    // No stack, no Pulumi: the consumer may be there all the same.
    return FALLBACK;
  }
}
