/** Records as Debezium 3.7 writes them for Postgres with the JSON converter, for the tests and the benchmark. */
import type { RawMessage } from "../../consumer/change/change-event";

export const TOPIC = "cdctest.public.customers";
/** Event id of a change that is no delete. */
export const EVENT_ID = "0000000001A2B400-000000000007";
/** 2026-01-01T00:00:00.123456Z */
export const COMMITTED_AT = 1_767_225_600_123_456;

type Json = { [name: string]: unknown };

export function source(over: Json = {}): Json {
  return {
    version: "3.7.0.Final",
    connector: "postgresql",
    name: "cdctest",
    ts_ms: Math.floor(COMMITTED_AT / 1000),
    snapshot: null,
    db: "cdctest",
    sequence: '["27439040","27439048"]',
    ts_us: COMMITTED_AT,
    ts_ns: RAW("1767225600123456000"),
    schema: "public",
    table: "customers",
    txId: 739,
    lsn: 27_440_072,
    xmin: null,
    origin: null,
    origin_lsn: null,
    commit_lsn: 27_440_128,
    event_serial_no: 3,
    ...over,
  };
}

export function envelope(op: string, before: Json | null, after: Json | null, sourceOver: Json = {}): Json {
  return {
    before,
    after,
    source: source(sourceOver),
    transaction: null,
    op,
    ts_ms: 1_767_225_600_125,
    ts_us: 1_767_225_600_125_001,
    ts_ns: RAW("1767225600125001123"),
  };
}

/** The same, with the names of unchanged large values that the image's converter writes beside `after`. */
export function withUnchanged({ before, after, ...rest }: Json, unchanged: unknown[]): Json {
  return { before, after, unchanged, ...rest };
}

/** A number literal that JSON.stringify could not write without rounding. */
export function RAW(literal: string): { raw: string } {
  return { raw: literal };
}

/** JSON as Kafka's converter writes it: compact, with `RAW` numbers as they are. */
export function text(value: unknown): string {
  return JSON.stringify(value, (_name, v: unknown) =>
    typeof v === "object" && v !== null && "raw" in v ? `RAW:${String(v.raw)}` : v,
  ).replace(/"RAW:([^"]*)"/g, "$1");
}

/** A record. Strings stay as they are, null stays null, and other values become JSON. */
export function record(key: unknown, value: unknown, offset = "42"): RawMessage {
  const buffer = (part: unknown) => (part === null ? null : Buffer.from(typeof part === "string" ? part : text(part)));
  return { key: buffer(key), value: buffer(value), offset };
}

export const ALEX = { id: 1, first_name: "alex", last_name: "foley", email: "alex.foley" };
export const MOVED = { ...ALEX, email: "alex@foley.example" };

export function withSchema(payload: Json): Json {
  const field = (type: string, name: string, optional = true) => ({ type, optional, field: name });
  const row = (name: string) => ({
    type: "struct",
    fields: [field("int32", "id", false), field("string", "first_name"), field("string", "email")],
    optional: true,
    name: `${TOPIC}.Value`,
    field: name,
  });
  const fields = [row("before"), row("after"), field("string", "op", false), field("int64", "ts_ms")];
  return { schema: { type: "struct", fields, optional: false, name: `${TOPIC}.Envelope`, version: 2 }, payload };
}
