import type { ContainerLook } from "../containers-look";
import type { Finding, Part } from "../finding";

/** What the programs of a slow machine need to start; Kafka Connect is the slowest of them. */
const STARTS_MS = 20_000;

/**
 * A part whose container runs, and which does not answer: one that was started a moment ago will.
 *
 * @param now milliseconds since 1970
 */
export function silent(
  [part, about, what]: readonly [part: Part, about: string, what: string],
  reason: string,
  { name, state, startedAt }: ContainerLook,
  now: number,
): Finding {
  if (state === "running" && now - Date.parse(startedAt ?? "") < STARTS_MS) {
    const text = `${what} does not answer yet, its container has just been started: ${reason}`;
    return { part, about, mark: "warning", text };
  }
  const text = `${what} does not answer: ${reason}`;
  if (state === "elsewhere") return { part, about, mark: "bad", text };
  return { part, about, mark: "bad", text, remedy: remedyOf(reason, name) };
}

/** A password that was changed in the database stays what it is, however often that is started. */
function remedyOf(reason: string, name: string): string {
  const [, role] = /^password authentication failed for user "(\w+)"/.exec(reason) ?? [];
  if (role === undefined) return `docker restart ${name}`;
  return `docker exec ${name} psql -U ${role} -d template1 -c "ALTER ROLE ${role} PASSWORD '<cdc:password>'"`;
}
