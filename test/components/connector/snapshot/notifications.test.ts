import { expect, test } from "@jest/globals";
import { notificationOf } from "../../../../components/connector/snapshot/notifications";

test("a scan beside the stream, as Debezium 3.7.0 reports it", () => {
  const record = {
    id: "cdc-c5fe91a9",
    type: "TABLE_SCAN_COMPLETED",
    aggregate_type: "Incremental Snapshot",
    additional_data: {
      scanned_collection: "public.orders",
      connector_name: "cdctest",
      total_rows_scanned: "600000",
      total_rows: "600000",
      data_collections: "public.orders",
      status: "SUCCEEDED",
    },
    timestamp: 1795788568362,
  };
  expect(notificationOf(JSON.stringify(record))).toEqual({
    id: "cdc-c5fe91a9",
    kind: "incremental",
    type: "TABLE_SCAN_COMPLETED",
    tables: ["public.orders"],
    table: "public.orders",
    rows: 600_000,
    status: "SUCCEEDED",
  });
});

test("one that the stream waits for calls itself an initial one", () => {
  const record = { id: "a", type: "STARTED", aggregate_type: "Initial Snapshot", additional_data: {}, timestamp: 1 };
  expect(notificationOf(JSON.stringify(record))).toEqual({ id: "a", kind: "blocking", type: "STARTED" });
});

test("a converter that writes the schema beside it", () => {
  const payload = { id: "a", type: "SKIPPED", aggregate_type: "Initial Snapshot", additional_data: {}, timestamp: 1 };
  expect(notificationOf(JSON.stringify({ schema: {}, payload }))).toEqual({
    id: "a",
    kind: "blocking",
    type: "SKIPPED",
  });
});

test("anything else is no snapshot", () => {
  const record = { id: "a", type: "STARTED", aggregate_type: "Capturing", additional_data: {}, timestamp: 1 };
  expect(notificationOf(JSON.stringify(record))).toBeUndefined();
  expect(notificationOf(null)).toBeUndefined();
  expect(notificationOf("not JSON")).toBeUndefined();
});
