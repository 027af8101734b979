import type { ConnectSecurity } from "../../components/existing/connect-access";

/** One request to Kafka Connect's REST API. Not fetch, which takes no certificate of one's own. @throws when nobody answers in time */
export async function requestConnect(
  method: "GET" | "POST",
  url: string,
  { username, password, ...tls }: ConnectSecurity,
  timeoutMs: number,
): Promise<{ status: number; body: string }> {
  const { request } = url.startsWith("https:") ? await import("node:https") : await import("node:http");
  const auth = username === undefined ? {} : { auth: `${username}:${password}` };
  // A connection that is kept would be of a server that is gone.
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
