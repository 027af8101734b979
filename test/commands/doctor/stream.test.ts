/** Doctor's questions about the stream of changes: a probe, the offset that Kafka Connect wrote, a handler that is stuck. */
import { describe, expect, test } from "@jest/globals";
import { notedFindings, offsetsTopic } from "../../../commands/doctor/noted-offset";
import { probeFinding, probeTopic } from "../../../commands/doctor/probe";
import { standstillFindings } from "../../../commands/doctor/standstill";
import { container, slot } from "../../support/fakes/stack-look";
import { told } from "./told";

describe("the probe", () => {
  test.each<[Record<string, string>, string | undefined]>([
    [{ "topic.prefix": "cdctest" }, "cdctest.message"],
    [{ "topic.prefix": "cdctest", "message.prefix.exclude.list": "cdc\\.heartbeat" }, "cdctest.message"],
    [{ "topic.prefix": "cdctest", "message.prefix.exclude.list": "a, CDC\\..*" }, undefined],
    [{ "topic.prefix": "cdctest", "message.prefix.include.list": "outbox" }, undefined],
    [{ "topic.prefix": "cdctest", "message.prefix.include.list": "outbox,cdc\\.probe" }, "cdctest.message"],
  ])("with %j comes out in %s", (config, topic) => {
    expect(probeTopic(config)).toBe(topic);
  });

  test("says how long it took, or that it got lost, or why it was not tried", () => {
    expect(told([probeFinding({ ok: true, value: 6.42 }, true)])).toEqual([
      "good probe: 6.4 ms from a message in the database's log to its record in Kafka",
    ]);
    expect(told([probeFinding({ ok: false, reason: "Waited 5 s" }, true)])).toEqual([
      "bad probe: a message in the database's log did not reach Kafka: Waited 5 s → npm run logs -- connect",
    ]);
    expect(told([probeFinding({ ok: false, reason: "the consumer reads it" }, false)])).toEqual([
      "note probe: not tried: the consumer reads it",
    ]);
  });
});

test("what Kafka Connect noted last is compared with the slot when it cannot be asked", () => {
  const environment = { PROPERTIES: "group.id=connect\noffset.storage.topic=cdc_connect_offsets\n" };
  expect(offsetsTopic(container("connect", { environment }))).toBe("cdc_connect_offsets");
  expect(offsetsTopic(container("connect"))).toBeUndefined();
  const idle = slot({ active: false, confirmedBytes: 2000 });
  expect(notedFindings(idle, null)).toEqual([]);
  expect(notedFindings(idle, 2000)).toEqual([]);
  expect(told(notedFindings(idle, 1000))).toEqual([
    "warning cdc_dev_customer_cdc: begins 1000 bytes after what Kafka Connect noted last as read. If it was killed while it " +
      "wrote, they are in Kafka; if somebody moved the slot, they are lost once it is started",
  ]);
});

test("a stuck handler is reported with its place in the topic", () => {
  const partition = { topic: "cdctest.public.customers", partition: 0, records: 9, behind: 2, committed: "7" };
  expect(told(standstillFindings([partition]))).toEqual([
    "warning cdctest.public.customers: the handler has been at offset 7 of partition 0 for more than 2.5 s, with " +
      "2 records to do: it is slow, or waits for something → npm run logs -- consumer",
  ]);
});
