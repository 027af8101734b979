import { countsAsGone, GONE_WAYS, isSaidGone, renewWays } from "../../../program/dynamic/gone";
import { shownUrl } from "../../existing/connect/connect-access";
import { poll } from "../../poll";
import * as api from "../rest/connect-api";
import { isAbsent, request, targetOf, type Target } from "../rest/rest";
import { dropSlot, isPostgres, slotOf } from "../slot/source";
import { describe, judge } from "../rest/connector-status";
import type { ConnectorOutputs } from "../connector-types";

/** How long a Connect may refuse connections before it counts as absent, in milliseconds. */
const ABSENT_MS = 5000;

/**
 * Stops the connector, resets its offsets, deletes it and drops its slot. At each step, what is already gone is success. Where a worker of the stack's
 * own is gone, or `countsAsGone` holds, the delete says what may be left, and goes on with the slot.
 *
 * @throws where somebody else's Connect, or the database, gives no answer: the connector may run on, and the state alone knows it
 */
export async function remove(_id: string, props: ConnectorOutputs): Promise<void> {
  const { connectorName: name, connectUrl: url } = props;
  const operation = `delete connector ${name}`;
  const target = targetOf(props, operation, Date.now() + props.deleteTimeoutSeconds * 1000);
  const { until } = target;
  try {
    await request({ ...target, until: Math.min(until, Date.now() + ABSENT_MS) }, "GET", "/").catch(onlyAbsence);
    await removeFromConnect(target, props);
  } catch (error) {
    if (!isUnanswered(error)) throw isShutOut(error) ? unreached(error, RENEW) : error;
    const isGone = isAbsent(error) && (props.worker !== undefined || countsAsGone());
    if (!isGone && !isSaidGone()) throw unreached(error, `Connector ${name} may run on there. ${GONE_WAYS}`);
    const shown = shownUrl(url);
    console.error(
      `Kafka Connect at ${shown} does not answer, so connector ${name} counts as gone with it. ` +
        `Should that Connect come back: curl -X DELETE ${shown}/connectors/${name}`,
    );
  }
  if (props.keepSlot || !props.database || !isPostgres(props.config)) return;
  const slot = slotOf(props.config);
  await dropSlot(props.database, slot, Math.max(until - Date.now(), 5000)).catch((error: Error) => {
    const { host, port } = props.database!;
    const why = `${operation}: slot ${slot} was not dropped at ${host}:${port}: ${error.message}`;
    if (isNoServer(error) && !countsAsGone())
      throw unreached(new Error(why), `It may keep the database's log there. ${GONE_WAYS}`);
    console.error(`Slot ${slot} was not dropped: ${error.message}`);
  });
}

/** The error of a part that may be there; the state still has the connector, so that the next destroy tries again. */
function unreached(error: Error, left: string): Error {
  const end = /[.!?]$/.test(error.message) ? "" : ".";
  return Object.assign(new Error(`${error.message}${end} ${left}`), { code: (error as { code?: string }).code });
}

/** A destroy has no program, and so no other login than the state's. */
const RENEW = renewWays("connectSecurity", "debezium:Connector");

function isShutOut(error: unknown): error is Error {
  return [401, 403].includes((error as { status?: number }).status ?? 0);
}

/** Whether a request got no answer at all. */
function isUnanswered(error: unknown): error is Error {
  return error instanceof Error && "absent" in error && !("status" in error);
}

/** Whether no server has said anything. */
function isNoServer({ code = "", message }: Error & { code?: string }): boolean {
  return /^(E[A-Z_]+)$/.test(code) || (code === "" && /timeout|terminated/i.test(message));
}

async function removeFromConnect(target: Target, props: ConnectorOutputs): Promise<void> {
  const { connectorName: name } = props;
  const config = await api.getConfig(target, name);
  if (!config) return;
  const viaDebezium = !props.keepSlot && !props.database && isPostgres(config);
  if (viaDebezium && config["slot.drop.on.stop"] !== "true") await letDebeziumDropSlot(target, name, config);
  await stopped(target, name);
  if (!props.keepOffsets) await api.resetOffsets(target, name);
  await api.remove(target, api.connectorPath(name));
}

/**
 * Debezium drops its slot when it stops, if it was started with `slot.drop.on.stop`. So it is started once more with that setting. It is
 * stopped before: otherwise the task from before, or none, would be taken for the one that has the setting.
 */
async function letDebeziumDropSlot(target: Target, name: string, config: Record<string, string>): Promise<void> {
  await stopped(target, name);
  await api.putConfig(target, name, { ...config, "slot.drop.on.stop": "true" });
  await api.setState(target, name, "RUNNING");
  const deadlineMs = Math.min(15_000, target.until - Date.now());
  const started = poll<string | undefined>(
    async () => {
      const verdict = judge(await api.getStatus(target, name), "RUNNING");
      if (verdict.is === "waiting") return { done: false, seen: verdict.seen };
      return { done: true, value: verdict.is === "failed" ? `${verdict.what} FAILED` : undefined };
    },
    { what: `connector ${name} to start once more`, deadlineMs },
  );
  // A connector that cannot start cannot drop its slot either.
  const why = await started.catch((error: Error) => error.message);
  if (why === undefined) return;
  const slot = slotOf(config);
  console.error(
    `Slot ${slot} may be left, and would keep the database's log: connector ${name} drops it when it stops, and did not start (${why}). ` +
      `In the database: SELECT pg_drop_replication_slot('${slot}').`,
  );
}

/** Stops the connector, and waits until its tasks have ended. */
export async function stopped(target: Target, name: string): Promise<void> {
  await api.setState(target, name, "STOPPED").catch(ignoreMissing);
  await poll(
    async () => {
      const status = await api.getStatus(target, name);
      const verdict = judge(status, "STOPPED");
      if (!status || verdict.is === "ready") return { done: true, value: undefined };
      return { done: false, seen: describe(status) };
    },
    { what: `connector ${name} to stop`, deadlineMs: target.until - Date.now() },
  );
}

function ignoreMissing(error: { status?: number }): void {
  if (error.status !== 404) throw error;
}

/** Ignores errors of a Connect that answers: it exists. @throws the error when nobody listens there */
function onlyAbsence(error: unknown): void {
  if (isAbsent(error)) throw error;
}
