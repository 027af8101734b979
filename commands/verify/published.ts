/** The columns that are compared when Debezium is as published, without this project's classes, or leaves columns out by its config. */
import { isExcluded } from "../../components/capture/tables/stock-columns";
import type { ColumnType } from "./values/forms";
import type { Column, TableShape } from "./compared-table";

/**
 * Pure.
 *
 * @param config the connector's
 * @returns the shape without the columns that cannot be compared, and a sentence on each kind of them
 */
export function comparable(
  shape: TableShape,
  config: Readonly<Record<string, string>>,
): { shape: TableShape; notes: string[] } {
  const leftOut = shape.columns.filter(({ name }) =>
    isExcluded(config["column.exclude.list"] ?? "", { table: shape.name, column: name }),
  );
  const isPublished = !/^cdc\./.test(config["value.converter"] ?? "cdc.");
  const others = isPublished
    ? shape.columns.filter((each) => !leftOut.includes(each) && ["other", "lost"].includes(each.stock ?? "same"))
    : [];
  const columns = shape.columns
    .filter((each) => !leftOut.includes(each) && !others.includes(each))
    .map((each) => (isPublished ? { ...each, type: published(each.type, each.stock === "base64") } : each));
  return {
    shape: { ...shape, columns },
    notes: [
      ...(leftOut.length > 0 ? [`Not compared, as column.exclude.list leaves them out: ${names(leftOut)}.`] : []),
      ...(others.length > 0 ? [`Not compared, as Debezium has forms of its own for them: ${names(others)}.`] : []),
    ],
  };
}

function published(type: ColumnType, isBase64: boolean): ColumnType {
  const element = type.element && { element: published(type.element, false) };
  return { ...type, ...element, published: isBase64 ? "base64" : "same" };
}

function names(columns: readonly Column[]): string {
  return columns.map(({ name }) => name).join(", ");
}
