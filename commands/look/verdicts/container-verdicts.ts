import type { ContainerLook } from "../containers-look";
import type { Finding } from "../finding";
import { elapsed } from "../amounts";

/** Pure: a finding for each container, from what the engine says of it. @param now milliseconds since 1970 */
export function containerFindings(containers: readonly ContainerLook[], now: number): Finding[] {
  const own = containers.filter(({ state }) => state !== "elsewhere" && state !== "missing");
  // Where all are stopped, networks and volumes may have been pruned too, without which `docker start` would fail.
  const allStopped = own.every(isStopped);
  return containers.map((container) => {
    const { service, role } = container;
    const said = verdict(container, now);
    return { part: service, about: role, ...said, ...(allStopped && isStopped(container) && { remedy: "npm start" }) };
  });
}

function isStopped({ state }: ContainerLook): boolean {
  return state === "exited" || state === "created";
}

const RESTARTS = 3;
const SHORT_MS = 60_000;

/**
 * Pure: whether a container ends again and again. Between two of its ends it runs, for as long as it takes to fail. One that is healthy may have ended at
 * some other time.
 */
export function endsAgain({ state, health, startedAt, restarts }: ContainerLook, now: number): boolean {
  const isNew = now - Date.parse(startedAt ?? "") < SHORT_MS;
  return state === "running" && health !== "healthy" && restarts >= RESTARTS && isNew;
}

function verdict(container: ContainerLook, now: number): Omit<Finding, "part" | "about"> {
  const { name, state, health, startedAt, endedAt, restarts, error } = container;
  const ago = (moment: string | null): string => (moment === null ? "" : ` ${elapsed(now - Date.parse(moment))} ago`);
  const started = restarts === 0 ? "" : `, started again ${restarts === 1 ? "once" : `${restarts} times`}`;
  if (container.detached) {
    const text = `${state}, and off the stack's network: the other containers do not find it`;
    return { mark: "bad", text, remedy: "npm start" };
  }
  switch (state) {
    case "running": {
      const text = `running for ${elapsed(now - Date.parse(startedAt ?? ""))}${health === "none" ? "" : `, ${health}`}${started}`;
      if (endsAgain(container, now))
        return { mark: "bad", text: `${text}: it ends again and again`, remedy: logs(container) };
      return health === "unhealthy" ? { mark: "warning", text, remedy: logs(container) } : { mark: "good", text };
    }
    case "elsewhere":
      return { mark: "note", text: `somebody else's${at(container)}` };
    case "missing":
      return { mark: "bad", text: `there is no container ${name}`, remedy: "npm start" };
    case "paused":
      return { mark: "bad", text: "paused: it does nothing, and answers nobody", remedy: `docker unpause ${name}` };
    case "restarting":
      return { mark: "bad", text: `ends and is started again${started}; ${ended(container)}`, remedy: logs(container) };
    case "exited":
    case "created": {
      const reason = error === "" ? (endedAt === null ? "" : `, ${ended(container)}`) : `: ${error}`;
      // The engine could not start it, and could not again: its network is gone, say, or its port is taken.
      const remedy = error === "" ? `docker start ${name}` : "npm start";
      return { mark: "bad", text: `stopped${ago(endedAt)}${reason}`, remedy };
    }
    default:
      return { mark: "bad", text: state, remedy: `docker rm --force ${name} && npm start` };
  }
}

function at({ kafka, connect, database }: ContainerLook): string {
  const where = kafka?.servers ?? connect?.url ?? (database && `${database.host}:${database.port}`);
  return where === undefined ? "" : `, at ${where}`;
}

function logs({ role }: ContainerLook): string {
  return `npm run logs -- ${role}`;
}

function ended({ exitCode, outOfMemory }: ContainerLook): string {
  return outOfMemory ? "killed, since it took more memory than it may have" : `exit code ${exitCode}`;
}
