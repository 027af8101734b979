import { changedTables, settingsDrift } from "../../components/capture/capture-diff";
import { type DatabaseFacts, readFacts } from "../../components/capture/facts/database-facts";
import type { CaptureInputs } from "../../components/capture/capture-types";
import { driftOf as connectorDrift } from "../../components/connector/connector-diff";
import { onceUnlocked } from "../../components/database/lock-wait";
import { withDatabase } from "../../components/connector/slot/connector-session";
import type { SourceDatabase } from "../../components/connector/connector-types";
import type { Answer } from "../look/answer";
import type { ConnectorLook } from "../look/connectors-look";
import type { Finding } from "../look/finding";
import { changedTableFindings } from "../look/verdicts/database-verdicts";
import { counted } from "../look/amounts";
import type { Declared } from "./applied-settings";

/** Role, rights, publication and tables as the database has them. */
export async function lookAtCapture(
  database: SourceDatabase,
  declared: NonNullable<Declared["capture"]>,
  deadlineMs: number,
): Promise<DatabaseFacts> {
  const limits = { connectionTimeoutMillis: deadlineMs, query_timeout: deadlineMs, statement_timeout: deadlineMs };
  const at = { ...database, ...limits };
  return withDatabase(at, (client) =>
    withDatabase(at, (other) =>
      onceUnlocked(client, other, () => readFacts(client, declared), { what: "doctor", deadlineMs: deadlineMs / 2 }),
    ),
  );
}

/**
 * Pure: how the database differs from what is declared, by the capture's own comparison; an `up` repairs all of it.
 *
 * @param facts undefined: the database was not asked, since no capture is declared
 */
export function captureFindings(declared: Answer<Declared>, facts: Answer<DatabaseFacts> | undefined): Finding[] {
  if (!declared.ok || declared.value.capture === undefined || facts === undefined) {
    const reason = declared.ok ? "nothing is declared yet" : declared.reason;
    const text = `publication and rights cannot be compared with what is declared: ${reason}`;
    return [{ part: "capture", about: "declaration", mark: "note", text }];
  }
  const { capture } = declared.value;
  const about = `publication ${capture.publication}`;
  if (!facts.ok) return [{ part: "capture", about, mark: "note", text: `cannot be asked for: ${facts.reason}` }];
  // The comparison asks for no password.
  const drift = settingsDrift(capture as CaptureInputs, capture.captured, facts.value);
  const found = [
    ...drift.map((text): Finding => ({ part: "capture", about, mark: "bad", text, remedy: "npm start" })),
    ...changedTableFindings(changedTables(facts.value)),
  ];
  if (found.length > 0) return found;
  const text = `${counted(capture.captured.length, "table")} as declared, and role ${capture.role} with its rights`;
  return [{ part: "capture", about, mark: "good", text }];
}

/** Pure: what somebody changed in the connector's config by hand. */
export function configFindings(declared: Answer<Declared>, connectors: Answer<ConnectorLook[]>): Finding[] {
  const applied = declared.ok ? declared.value.connector : undefined;
  const live = connectors.ok ? connectors.value.find(({ name }) => name === applied?.connectorName) : undefined;
  if (!applied || !live) return [];
  return connectorDrift({ config: applied.config, state: "RUNNING" }, live.config, undefined).map((text) => ({
    ...{ part: "config", about: live.name, mark: "bad", text },
    remedy: "npm start",
  }));
}
