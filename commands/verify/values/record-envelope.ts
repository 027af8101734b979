/** A record's key and value as JSON: Debezium's envelope, read without the consumer's code. */
import { isLosslessNumber, parse } from "lossless-json";
import type { ColumnType } from "./forms";
import type { ParseJson } from "./record-json";
import type { TableShape } from "../compared-table";

/** A record as Kafka has it. */
export interface TopicRecord {
  key: Buffer | null;
  value: Buffer | null;
  partition: number;
  offset: string;
}

/** By column; numbers are not rounded. */
export type RowFields = Record<string, unknown>;

/** The fields of Debezium's envelope that are read here. */
export interface Envelope {
  op: string;
  before: RowFields | null;
  after: RowFields | null;
  unchanged: string[];
  lsn: bigint | null;
  txId: number | null;
  /** Of the transaction's commit, and the event's number in the transaction; null without this project's classes. */
  commitLsn: bigint | null;
  eventNo: bigint | null;
  /** Of the last transaction that was told before this one, as `source.sequence` has it; null where it is not known. */
  lastCommitLsn: bigint | null;
}

/** @throws when it is not Debezium's, as after a transform */
export function envelopeOf(value: Buffer, table: string, parseJson: ParseJson): Envelope {
  const payload = withoutSchema(parseJson(value.toString("utf8")) as RowFields | undefined);
  const { op, source, before, after, unchanged } = payload as Partial<Envelope & { source: RowFields | null }>;
  if (typeof op !== "string" || typeof source !== "object") {
    throw new Error(
      `The topic of ${table} holds no change envelopes: a transform has unwrapped them, so they lack the old and the new row.`,
    );
  }
  const txId = integer(source?.["txId"]);
  // This project's classes leave such values out, and name them.
  const marked =
    after && source?.["commit_lsn"] === undefined ? Object.keys(after).filter((name) => isMark(after[name])) : [];
  return {
    ...{ op, before: before ?? null, after: after ?? null, unchanged: unchanged ?? marked },
    ...{ lsn: integer(source?.["lsn"]), txId: txId === null ? null : Number(txId) },
    ...{ commitLsn: integer(source?.["commit_lsn"]), eventNo: integer(source?.["event_serial_no"]) },
    lastCommitLsn: lastCommitIn(source?.["sequence"]),
  };
}

/** @param sequence as `["22778016","22778072"]`: the last commit before, and the event's own position */
function lastCommitIn(sequence: unknown): bigint | null {
  const digits = typeof sequence === "string" ? /^\["(\d+)"/.exec(sequence)?.[1] : undefined;
  return digits === undefined ? null : BigInt(digits);
}

/** The columns of a record's key. */
export interface KeyForm {
  /** Its columns; none: the table's rows have no key, and count by all their values. */
  names: string[];
  /** The kind of each in JSON, as `typeof` names it. For a value in an unusual form of its type, it is the kind of the usual form. */
  kinds: string[];
  /** Places of its columns in the table; -1: the table has no such column. */
  places: number[];
}

/** @param key null: none */
export function keyFormOf(key: Buffer | null, { columns }: TableShape): KeyForm {
  const fields = key === null ? undefined : withoutSchema(JSON.parse(key.toString("utf8")) as RowFields | undefined);
  const names = Object.keys(fields ?? {}).sort();
  const places = names.map((name) => columns.findIndex((each) => each.name === name));
  return {
    names,
    kinds: names.map((name, at) => kindIn(columns[places[at]!]?.type, fields![name])),
    places,
  };
}

/** NaN is no number to JSON, and an array that begins elsewhere than at 1 is no list; an index may let NULL through once. */
function kindIn(type: ColumnType | undefined, value: unknown): string {
  if (type === undefined) return typeof value;
  const isOtherForm =
    value === null ||
    (typeof value === "string" && (type.element ? value.startsWith("[") : isFloat(type) && NO_NUMBER.includes(value)));
  return isOtherForm ? kindOf(type) : typeof value;
}

const NO_NUMBER = ["NaN", "Infinity", "-Infinity"];

function isFloat({ name }: ColumnType): boolean {
  return name === "float4" || name === "float8";
}

/** The key's own values. */
export function keyFieldsOf(key: Buffer | null): RowFields {
  return (key === null ? undefined : withoutSchema(parse(key.toString("utf8")) as RowFields | undefined)) ?? {};
}

export function isSameForm(one: KeyForm, other: KeyForm): boolean {
  return (
    one.names.length === other.names.length &&
    one.names.every((name, at) => name === other.names[at] && one.kinds[at] === other.kinds[at])
  );
}

/** Pure: whether a key has, of the columns in both, the same kind of values. */
export function isSameKind(one: KeyForm, other: KeyForm): boolean {
  return one.names.every((name, at) => {
    const there = other.names.indexOf(name);
    return there === -1 || other.kinds[there] === one.kinds[at];
  });
}

/** The kind in JSON of a value of a type that a key may have. */
export function kindOf({ name, element }: ColumnType): string {
  if (element || name === "vector" || name === "halfvec") return "object";
  if (isFloat({ name }) || ["int2", "int4", "int8", "oid"].includes(name)) return "number";
  return name === "bool" ? "boolean" : "string";
}

/** With `schemas.enable` the converter wraps everything into schema and payload. */
function withoutSchema(parsed: RowFields | undefined | null): RowFields | undefined {
  if (typeof parsed !== "object" || parsed === null) return undefined;
  return parsed["schema"] !== undefined && parsed["payload"] !== undefined ? (parsed["payload"] as RowFields) : parsed;
}

/** Debezium's placeholder for a value that the log does not have; for bytea the same text in base64. */
function isMark(value: unknown): boolean {
  return value === "__debezium_unavailable_value" || value === "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==";
}

function integer(value: unknown): bigint | null {
  if (typeof value === "number") return BigInt(value);
  return isLosslessNumber(value) ? BigInt(value.value) : null;
}
