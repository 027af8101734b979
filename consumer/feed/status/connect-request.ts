import type { ConnectSecurity } from "../../../components/existing/connect/connect-access";

/**
 * One request to Kafka Connect's REST API.
 *
 * @param workers the base address of the API; with several workers, the address of each, separated by commas. The first answer counts
 * @param timeoutMs for each worker
 * @throws when no worker answers in time. With several, the error of one that runs goes before that of one that does not
 */
export async function requestConnect(
  method: "GET" | "POST",
  workers: string,
  path: string,
  security: ConnectSecurity,
  timeoutMs: number,
): Promise<{ status: number; body: string }> {
  let failure: unknown;
  for (const worker of workers.split(",")) {
    try {
      return await requestOne(method, worker.replace(/\/+$/, "") + path, security, timeoutMs);
    } catch (error) {
      if (failure === undefined || isNobody(failure)) failure = error;
    }
  }
  throw failure;
}

const NOBODY_CODES = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"];

/** Whether a request failed because nobody listens there: the container is stopped, or its program has not begun yet. */
export function isNobody(error: unknown): boolean {
  return NOBODY_CODES.includes((error as { code?: string }).code ?? "");
}

/** Does not use `fetch`, which cannot be given a certificate. */
async function requestOne(
  method: "GET" | "POST",
  url: string,
  { username, password, ...tls }: ConnectSecurity,
  timeoutMs: number,
): Promise<{ status: number; body: string }> {
  const { request } = url.startsWith("https:") ? await import("node:https") : await import("node:http");
  const auth = username === undefined ? {} : { auth: `${username}:${password}` };
  // No connection is kept: it might lead to a server that is gone.
  const options = { method, ...auth, ...tls, agent: false as const, signal: AbortSignal.timeout(timeoutMs) };
  return new Promise((resolve, reject) => {
    const asked = request(url, options, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (body += part));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.end();
  });
}
