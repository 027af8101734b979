/** Reads the query parameters of `/changes`, `/events` and `/rows`. A wrong one is a BadRequest for the client. */
import { OPS, type Op } from "../../api";
import type { Filter } from "../../change/filter";

export class BadRequest extends Error {}

export interface After {
  /** Null when only a number was given. */
  epoch: string | null;
  id: number;
}

export function readFilter(query: URLSearchParams): Filter {
  const ops = list(query, "op");
  const unknown = ops.find((op) => !(OPS as readonly string[]).includes(op));
  if (unknown !== undefined) throw new BadRequest(`op is "${unknown}"; allowed: ${OPS.join(", ")}`);
  return {
    tables: new Set(list(query, "table").map(unquoted)),
    ops: new Set(ops as Op[]),
    text: query.get("text") ?? "",
  };
}

/** @param lastEventId what a client sends when it connects again; it is newer than the address */
export function readAfter(query: URLSearchParams, lastEventId?: string): After | null {
  const value = lastEventId || query.get("after");
  if (!value) return null;
  const parts = /^(?:([a-z0-9]+)-)?(\d{1,15})$/.exec(value);
  if (parts === null) throw new BadRequest(`after is "${value}"; allowed: an id, or EPOCH-ID`);
  return { epoch: parts[1] ?? null, id: Number(parts[2]) };
}

export function readLimit(query: URLSearchParams, otherwise = 1000, most = 10_000): number {
  const value = query.get("limit");
  if (value === null || value === "") return otherwise;
  const limit = /^\d{1,5}$/.test(value) ? Number(value) : NaN;
  if (!(limit >= 1 && limit <= most)) throw new BadRequest(`limit is "${value}"; allowed: 1 to ${most}`);
  return limit;
}

/** The table whose rows are wanted, as `schema.table` or as its topic; null when none is named. */
export function tableParameter(query: URLSearchParams): string | null {
  const tables = list(query, "table").map(unquoted);
  if (tables.length > 1) throw new BadRequest(`table is "${query.getAll("table").join(",")}"; allowed: one table`);
  return tables[0] ?? null;
}

/** A comma within double quotes is part of a name. */
function list(query: URLSearchParams, name: string): string[] {
  return query.getAll(name).flatMap((value) => value.match(/(?:"[^"]*"?|[^",])+/g) ?? []);
}

/** The table's name without the quotes that psql needs, as in `public."a,b"`. */
function unquoted(table: string): string {
  return table.replace(/(?<=^|\.)"((?:[^"]|"")+)"(?=\.|$)/g, (_, name: string) => name.replaceAll('""', '"'));
}
