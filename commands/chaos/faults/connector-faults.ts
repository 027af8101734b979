/** Faults that somebody may cause by Kafka Connect's REST API. */
import { connectorPath, getStatus } from "../../../components/connector/rest/connect-api";
import { refused, request } from "../../../components/connector/rest/rest";
import { judge } from "../../../components/connector/rest/connector-status";
import { withSession } from "../../../components/connector/slot/connector-session";
import { slotState } from "../../../components/connector/slot/source";
import { poll } from "../../../components/poll";
import type { Fault, Place } from "./fault";

const SHORT_MS = 30_000;

export async function tellConnect(
  place: Place,
  method: "POST" | "PUT" | "DELETE",
  rest: string,
  token?: string,
): Promise<void> {
  const target = { url: place.connectUrl, operation: "chaos", until: Date.now() + SHORT_MS, token };
  const path = connectorPath(place.connectorName, rest);
  const answer = await request(target, method, path);
  if (answer.status >= 300) throw refused(target, method, path, answer);
}

const paused: Fault = {
  name: "connector-paused",
  what: "the connector paused, and resumed after some seconds",
  hands: "none",
  plan: (random) => {
    const seconds = random.whole(5, 15);
    return {
      target: `${seconds} s`,
      lastsMs: seconds * 1000,
      inject: (place) => tellConnect(place, "PUT", "/pause"),
      heal: (place) => tellConnect(place, "PUT", "/resume"),
    };
  },
};

const stopped: Fault = {
  name: "connector-stopped",
  what: "the connector stopped, and left so",
  hands: "npm start",
  plan: () => ({ target: "", inject: (place) => tellConnect(place, "PUT", "/stop") }),
};

const deleted: Fault = {
  name: "connector-deleted",
  what: "the connector deleted",
  hands: "npm start",
  plan: () => ({ target: "", inject: (place) => tellConnect(place, "DELETE", "") }),
};

const taskRestarted: Fault = {
  name: "task-restarted",
  what: "the connector's task restarted",
  hands: "none",
  plan: () => ({ target: "", inject: (place) => tellConnect(place, "POST", "/tasks/0/restart") }),
};

/** Stops the connector. Resolves when its task no longer reads the slot: a worker may report STOPPED before that. */
export async function stop(place: Place): Promise<void> {
  await tellConnect(place, "PUT", "/stop");
  const target = { url: place.connectUrl, operation: "chaos", until: Date.now() + SHORT_MS };
  await poll<void>(
    async () => {
      const status = await getStatus(target, place.connectorName);
      const verdict = judge(status, "STOPPED");
      return verdict.is === "ready" ? { done: true, value: undefined } : { done: false, seen: verdict.is };
    },
    { what: "the connector to stop", deadlineMs: SHORT_MS },
  );
  await withSession(place.database, (ask) =>
    poll<void>(
      async () => {
        const { active, pid } = await slotState(ask, place.slotName);
        return active ? { done: false, seen: `process ${pid}` } : { done: true, value: undefined };
      },
      { what: `nobody to read the slot ${place.slotName}`, deadlineMs: SHORT_MS },
    ),
  );
}

export const CONNECTOR_FAULTS: Fault[] = [paused, stopped, deleted, taskRestarted];
