import { OPS, type ChangeJson } from "../../api";
import { type Filter, searchText, selects } from "../../change/filter";

export function isEverything(filter: Filter): boolean {
  return filter.tables.size === 0 && filter.ops.size === 0 && filter.text === "";
}

export function matches(filter: Filter, change: ChangeJson): boolean {
  return selects(filter, change, () => searchText(change));
}

/** The filter as a query: of `/changes`, and of the page's own address, so that a filtered view can be bookmarked. */
export function toQuery({ tables, ops, text }: Filter): URLSearchParams {
  const query = new URLSearchParams();
  for (const table of tables) query.append("table", table);
  for (const op of ops) query.append("op", op);
  if (text !== "") query.set("text", text);
  return query;
}

/** An address may hold anything. Texts that are no operation are left out. */
export function fromQuery(query: URLSearchParams): Filter {
  const words = query.getAll("op");
  return {
    tables: new Set(query.getAll("table")),
    ops: new Set(OPS.filter((op) => words.includes(op))),
    text: query.get("text") ?? "",
  };
}
